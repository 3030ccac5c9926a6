"""docs/reference/settings.md, made from the fields of the environment."""

import sys

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from firstbell.project.environment import Environment, variable


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr) or value in ("", None):
        return "empty"
    if isinstance(value, tuple):
        return f"`{','.join(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def render_settings_page() -> str:
    """The text of docs/reference/settings.md, Markdown."""
    lines = [
        "# Settings",
        "",
        (
            "Firstbell reads its settings from the environment when it starts. A wrong one stops it with one line and "
            "exit code 2."
        ),
        "This page is generated: `python -m firstbell.project.settings_page > docs/reference/settings.md`.",
        "",
        "| Variable | Default | Meaning |",
        "| --- | --- | --- |",
    ]
    for name, field in Environment.model_fields.items():
        lines.append(f"| `{variable(name, field)}` | {_default(field)} | {field.description} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render_settings_page())
