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

The description for programs (OpenAPI 3.1) is at `/api/manage/v1/openapi.json`. Advice is for anyone. For the rest a
program shows a token, which somebody who manages members makes for it on the page *Members*, *Tokens of programs*: it
acts in their name, may do what they may, and of that only what was ticked. It is shown once, and ends on its day, with
the membership, or when it is taken back. With the address and the district's code of your own:

```sh
FIRSTBELL=http://localhost:8000 DISTRICT=maple TOKEN=fbt_...
```

The session of somebody who signed in on the pages is taken too; what changes something then needs `X-CSRFToken`.

- **Done once.** A `POST`, `PATCH` or `DELETE` with an `Idempotency-Key` is done once, however often it is sent: the
  same answer comes again for a day, with `Idempotent-Replayed: true`. The same key for another request is refused
  (`key-used`).
- **As you saw it.** What is read has an `ETag`. `If-None-Match` gives 304 where nothing has changed; `If-Match` on a
  decision about a run, or on a change of a person, a class or a case, gives 412 where it is not as you saw it any more.
- **The rules of the pages.** A change needs what its page needs, is written down in your name, and can be undone on
  the page of people and classes. What a source keeps is refused with the source's name (`locked`, `refused`); `locked`
  of a person or a class tells it beforehand.

A request that is not done is answered with `application/problem+json` (RFC 9457): `type`, `title`, `status`, `detail`
and, where the request itself is wrong, `errors`. Another district's runs are answered like runs that do not exist.
"""
PATHS = {"code": "$DISTRICT", "run_id": "$RUN", "source_id": "$SOURCE", "person_id": "$PERSON"}
PATHS |= {"class_id": "$CLASS", "case_id": "$CASE", "role_id": "$ROLE", "place_id": "$PLACE", "ending": ".json"}
ASKED = {"limit": "20", "accounts": "120", "frequency": "yearly", "current": "manual"}
EXAMPLES = {"package": "package=@roster.zip", "source": "source=SIS", "dry_run": "dry_run=true", "run_id": "$RUN"}
BODIES = {
    "approve_run": """{"rekey": true}""",
    "add_person": """{"given_name": "Ana", "family_name": "Gray", "grades": ["04"],
    "roles": [{"role": "student", "org_id": 17}]}""",
    "edit_person": """{"preferred_given_name": "Annie"}""",
    "add_role": """{"role": "teacher", "org_id": 17, "end_date": "2027-01-30"}""",
    "edit_role": """{"end_date": "2027-01-30"}""",
    "open_case": """{"schools": ["Lincoln Middle"], "needed_by": "2027-08-10"}""",
    "write_on_case": """{"text": "Record 12 is a substitute."}""",
    "add_class": """{"title": "Robotics club", "school_id": 17, "term_ids": [21]}""",
    "edit_class": """{"location": "B12"}""",
    "add_members": """{"person_ids": [4711, 4712], "role": "student"}""",
    "edit_member": """{"end_date": "2027-01-30"}""",
}
"""What is sent in the examples."""


SHAPES = {
    "a run": "RunShape",
    "a district": "DistrictShape",
    "a source": "SourceShape",
    "the connection of a source": "ConnectionShape",
    "a person": "WholePersonShape",
    "a class": "WholeClassShape",
    "a case": "CaseShape",
    "a new case": "NewCaseBody",
    "a new person": "NewPersonBody",
    "a role": "RoleBody",
    "a class that is added or changed": "ClassBody",
    "who comes to a class": "NewMembersBody",
    "advice": "AdviceShape",
}


def reference_page(schema: dict[str, Any]) -> str:
    """The text of docs/reference/api.md, Markdown."""
    return "\n".join(_page(schema)) + "\n"


def _page(schema: dict[str, Any]) -> Iterator[str]:
    yield BEGINNING.rstrip()
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            yield from _operation(schema, method.upper(), path, operation)
    for title, shape in SHAPES.items():
        yield ""
        yield f"## What {title} looks like"
        yield from _table(schema["components"]["schemas"][shape])


def _operation(schema: dict[str, Any], method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield f"## {method} {path}"
    yield ""
    yield operation["description"]
    asked = [parameter for parameter in operation["parameters"] if parameter["in"] == "query"]
    form = _form(schema, operation)
    yield ""
    yield "```sh"
    body = BODIES[operation["operationId"]] if "application/json" in _content(operation) else ""
    yield _curl(method, path, asked, form, body=body, is_walled="security" in operation)
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
    method: str, path: str, asked: list[dict[str, Any]], form: dict[str, Any], *, body: str, is_walled: bool
) -> str:
    address = path
    for name, value in PATHS.items():
        address = address.replace(f"{{{name}}}", value)
    named = [f"{parameter['name']}={ASKED[parameter['name']]}" for parameter in asked if parameter["name"] in ASKED]
    address += f"?{'&'.join(named)}" if named else ""
    parts = ['curl -H "Authorization: Bearer $TOKEN"' if is_walled else "curl"]
    if method != "GET":
        parts.append(f'-X {method} -H "Idempotency-Key: $(uuidgen)"')
    if form:
        parts.append(" ".join(f"-F {EXAMPLES[name]}" for name in form))
    if body:
        parts.append(f"-H 'Content-Type: application/json' -d '{body}'")
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
    import django  # noqa: PLC0415 (its settings are named first)

    django.setup()
    from firstbell.api.manage_v1.contract import api  # noqa: PLC0415 (after django.setup)

    sys.stdout.write(reference_page(api.get_openapi_schema()))


if __name__ == "__main__":
    main()
