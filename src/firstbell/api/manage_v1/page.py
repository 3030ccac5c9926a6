"""The page that explains the API, made from its description: docs/reference/api.md, held current by a test.

`python -m firstbell.api.manage_v1.page` prints it.
"""

import os
import sys
from collections.abc import Iterator
from typing import Any

BEGINNING = """\
# The API

This page is generated: `python -m firstbell.api.manage_v1.page > docs/reference/api.md`.

The description for programs (OpenAPI 3.1) is at `/api/manage/v1/openapi.json`. Advice is for anyone. For the rest the
API takes for now the session of somebody who signed in on the pages; tokens for programs follow. What changes something
needs the header `X-CSRFToken` as well. Sign in like this, with the address and the district's code of your own:

```sh
FIRSTBELL=http://localhost:8000 DISTRICT=maple
token() { awk '$6 == "csrftoken" { print $7 }' cookies.txt; }
curl -s -o /dev/null -c cookies.txt "$FIRSTBELL/account/login/"
read -r -p 'E-mail: ' EMAIL && read -r -s -p 'Password: ' PASSWORD
curl -s -o /dev/null -b cookies.txt -c cookies.txt -e "$FIRSTBELL/" -H "X-CSRFToken: $(token)" \\
  --data-urlencode "login=$EMAIL" --data-urlencode "password=$PASSWORD" "$FIRSTBELL/account/login/"
```

A request that is not done is answered with `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`
and, where the request itself is wrong, `errors`. Another district's runs are answered like runs that do not exist.
"""
ASKED = {"limit": "20", "accounts": "120", "frequency": "yearly", "current": "manual"}
EXAMPLES = {"package": "package=@roster.zip", "source": "source=SIS", "dry_run": "dry_run=true", "run_id": "$RUN"}


def reference_page(schema: dict[str, Any]) -> str:
    """The text of docs/reference/api.md, Markdown."""
    return "\n".join(_page(schema)) + "\n"


def _page(schema: dict[str, Any]) -> Iterator[str]:
    yield BEGINNING.rstrip()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            yield from _operation(schema, method.upper(), path, operation)
    yield ""
    yield "## What a run looks like"
    yield from _table(schema["components"]["schemas"]["RunShape"])
    yield ""
    yield "## What advice looks like"
    yield from _table(schema["components"]["schemas"]["AdviceShape"])


def _operation(schema: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"## {method} {path}"
    yield ""
    yield operation["description"]
    asked = [parameter for parameter in operation["parameters"] if parameter["in"] == "query"]
    form = _form(schema, operation)
    yield ""
    yield "```sh"
    has_body = "application/json" in _content(operation)
    yield _curl(method, path, asked, form, has_body=has_body, is_walled="security" in operation)
    yield "```"
    yield ""
    statuses = ", ".join(f"{status}" for status in operation["responses"])
    yield f"Answers: {statuses}."
    yield from _table({"properties": form}) if form else ()
    if "security" not in operation:
        yield from _table({"properties": {one["name"]: one["schema"] | one for one in asked}})


def _content(operation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    return found


def _form(schema: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    told = _content(operation).get("multipart/form-data", {}).get("schema", {})
    if "$ref" in told:
        told = schema["components"]["schemas"][told["$ref"].rsplit("/", 1)[1]]
    found: dict[str, Any] = told.get("properties", {})
    return found


def _curl(
    method: str, path: str, asked: list[dict[str, Any]], form: dict[str, Any], *, has_body: bool, is_walled: bool
) -> str:
    address = path.replace("{code}", "$DISTRICT").replace("{run_id}", "$RUN").replace("{ending}", ".json")
    named = [f"{parameter['name']}={ASKED[parameter['name']]}" for parameter in asked if parameter["name"] in ASKED]
    address += f"?{'&'.join(named)}" if named else ""
    parts = ["curl -b cookies.txt" if is_walled else "curl"]
    if method != "GET":
        parts.append('-X POST -e "$FIRSTBELL/" -H "X-CSRFToken: $(token)"')
    if form:
        parts.append(" ".join(f"-F {EXAMPLES[name]}" for name in form))
    if has_body:
        parts.append("""-H 'Content-Type: application/json' -d '{"rekey": true}'""")
    return " \\\n  ".join([*parts, f'"$FIRSTBELL{address}"'])


def _table(shape: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield "| field | what it is |"
    yield "|---|---|"
    for name, told in shape["properties"].items():
        yield f"| `{name}` | {told.get('description', told.get('title', name)).rstrip('.')} |"


def main() -> None:
    """Print the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstbell.project.settings")
    import django  # noqa: PLC0415

    django.setup()
    from firstbell.api.manage_v1.contract import api  # noqa: PLC0415

    sys.stdout.write(reference_page(api.get_openapi_schema()))


if __name__ == "__main__":
    main()
