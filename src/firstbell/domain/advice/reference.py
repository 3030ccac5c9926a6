"""The page that tells a deployment what it may set: docs/reference/advice.md, held current by a test.

`python -m firstbell.domain.advice.reference` prints it.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import fields

from firstbell.domain.advice.settings import KEEP_DAYS, VARIABLE, Contact, Thresholds, Watching
from firstbell.domain.advice.texts import NEXT_STEPS, TEXTS

BEGINNING = f"""\
# The advisor's settings

This page is generated: `python -m firstbell.domain.advice.reference > docs/reference/advice.md`.

Which method the advisor recommends, and in which words, is a deployment's own. Write what you want otherwise into a
TOML file and name it in `{VARIABLE}`; what you leave out stays as it is here. A file that cannot be used stops
Firstbell with one line and exit code 2. The page *Which method fits us?*, `firstbell advise` and the API follow it.

The numbers are advice, never a block. Every number of accounts has to have a method: `assisted_from` is at most
`assisted_to`, and `automated_from` lies over `assisted_from` and not over `assisted_to + 1`. Where they overlap (200 by
default) both methods fit, and the other answers decide between them.

What decides where answers disagree is in `domain/advice/advising.py`, and is no setting.

```toml"""


def reference_page() -> str:
    """The text of docs/reference/advice.md, Markdown: the defaults as a file that could be used."""
    return "\n".join([BEGINNING, *_file(), "```"]) + "\n"


def _file() -> Iterator[str]:
    yield "[accounts]"
    for each in fields(Thresholds):
        yield f"{each.name} = {each.default}"
    yield ""
    yield "# Whom to ask. Gets kept advice by mail, the requests of districts without a contact of their own, and those"
    yield "# that were left for two working days. What is empty is left out of the file; page is an https address."
    yield "[contact]"
    for one in fields(Contact):
        yield f"{'' if one.default else '# '}{one.name} = {_quoted(str(one.default))}"
    yield ""
    yield "# When a district's Method page counts moves and edits as often, and how many weeks back it looks."
    yield "[watching]"
    for bound in fields(Watching):
        yield f"{bound.name} = {bound.default}"
    yield ""
    yield "# So many days a prospect's advice is kept if its district does not open before; settled requests too."
    yield "[prospects]"
    yield f"keep_days = {KEEP_DAYS}"
    yield ""
    yield "[next_steps]"
    for method, steps in NEXT_STEPS.items():
        yield f"{method} = ["
        yield from (f"  {_quoted(step)}," for step in steps)
        yield "]"
    yield ""
    yield "# What stands in braces is filled in; the three numbers of [accounts] may be named in every text."
    yield "[texts]"
    for key, text in TEXTS.items():
        yield f"{_quoted(key)} = {_quoted(text)}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def main() -> None:
    """Print the page."""
    sys.stdout.write(reference_page())


if __name__ == "__main__":
    main()
