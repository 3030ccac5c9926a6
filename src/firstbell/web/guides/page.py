"""docs/guides: the guides as pages to read, made from the same source as the product's and held current by a test.

`python -m firstbell.web.guides.page docs/guides`
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

COMMAND = "python -m firstbell.web.guides.page docs/guides"
BEGINNING = f"""\
# Guides

These pages are generated: `{COMMAND}`. In the product, under Guides, each step also knows whether it is done, and tells
what is still missing.
"""


def guide_pages() -> dict[str, str]:
    """The pages by file name, Markdown."""
    from firstbell.web.guides.all_guides import GUIDES  # noqa: PLC0415 - settings come first

    pages = {f"{code}.md": "\n".join(_lines_of(code)) + "\n" for code in GUIDES}
    listed = "\n".join(f"- [{guide.title}]({code}.md): {guide.lead}" for code, guide in GUIDES.items())
    return {"README.md": f"{BEGINNING}\n{listed}\n", **pages}


def _lines_of(code: str) -> Iterator[str]:
    from firstbell.web.guides.all_guides import GUIDES  # noqa: PLC0415

    guide = GUIDES[code]
    yield f"# {guide.title}"
    yield ""
    yield guide.lead
    for number, step in enumerate(guide.steps, start=1):
        yield ""
        yield f"## {number}. {step.title}"
        yield ""
        yield step.says
        yield ""
        yield from (f"- {sentence}" for sentence in step.how)
        yield ""
        yield f"In the product: {', '.join(f'*{door.label}*' for door in step.doorways)}."


def main(arguments: list[str]) -> None:
    """Write the pages into a folder."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstbell.project.settings")
    import django  # noqa: PLC0415

    django.setup()
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in guide_pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
