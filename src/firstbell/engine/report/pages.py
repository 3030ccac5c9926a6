"""A page for every finding, and the list of all: what the documentation and the help of the product say."""

from collections.abc import Iterator
from dataclasses import dataclass

from firstbell.engine.catalogue import CATALOGUE, Code, Severity
from firstbell.engine.report.causes import IN_WORDS
from firstbell.engine.report.examples import Example, Excerpt, examples
from firstbell.engine.report.why import WHY

NO_RECORD = "The file has no such record."
COMMAND = "python -m firstbell.engine.report tests/cases docs/reference"
"""What makes the pages."""
EFFECTS = {
    Severity.FATAL: "Nothing of the package is applied until it is repaired.",
    Severity.ERROR: "What it is about is left out, with what hangs on it. Its last good state stays on the roster.",
    Severity.WARNING: "Nothing is left out. The value is kept, repaired or left blank, as the sentence says.",
}
"""What a severity does."""


@dataclass(frozen=True, slots=True)
class Page:
    """All that is known about one code. What differs from finding to finding stands in *stars*."""

    code: str
    severity: Severity
    strict: Severity
    says: str
    remedy: str
    why: str
    example: Example | None


def page_of(code: str) -> Page:
    """The page of a code. Raises KeyError for one that there is not."""
    entry = CATALOGUE[code]
    says, remedy = _starred(entry.sentence), _starred(entry.remedy)
    return Page(code, entry.severity, entry.strict, says, remedy, WHY.get(code, ""), examples().get(code))


def index_page() -> str:
    """The text of docs/reference/findings.md, Markdown."""
    return "\n".join(_index()) + "\n"


def finding_page(code: str) -> str:
    """The text of docs/reference/findings/<code>.md, Markdown."""
    return "\n".join(_page(page_of(code))) + "\n"


def by_severity() -> list[tuple[Severity, list[Code]]]:
    """The codes of each severity in the order of the alphabet."""
    entries = sorted(CATALOGUE.values(), key=lambda entry: entry.code)
    return [(severity, [entry for entry in entries if entry.severity is severity]) for severity in Severity]


def _index() -> Iterator[str]:
    yield "# Findings"
    yield ""
    yield f"This page and those it leads to are generated: `{COMMAND}`."
    yield ""
    yield "Everything that Firstbell can find wrong with a roster. A **fatal** finding stops the run. An **error**"
    yield "leaves the record out, together with what hangs on it; its last good state stays. A **warning** repairs or"
    yield "drops the value, or only tells. `--strict` judges as a certification does."
    for severity, entries in by_severity():
        yield ""
        yield f"## {severity.value.capitalize()}"
        yield ""
        yield "| code | with `--strict` | what it says | what to do |"
        yield "|---|---|---|---|"
        for entry in entries:
            cells = (entry.strict.value, _starred(entry.sentence), _starred(entry.remedy))
            yield f"| [{entry.code}](findings/{entry.code}.md) | {' | '.join(_in_cell(cell) for cell in cells)} |"


def _page(page: Page) -> Iterator[str]:
    yield f"# {page.code}"
    yield ""
    yield f"This page is generated: `{COMMAND}`."
    yield ""
    yield f"> {page.says}"
    yield ""
    strict = "" if page.strict is page.severity else f" With `--strict`: {page.strict.value}."
    yield f"**{IN_WORDS[page.severity]}** ({page.severity.value}). {EFFECTS[page.severity]}{strict}"
    if page.why:
        yield ""
        yield page.why
    yield ""
    yield "## What to do"
    yield ""
    yield page.remedy
    if page.example:
        yield from _excerpt("Wrong", page.example.bad)
        yield from _excerpt("Right", page.example.good)
    yield ""
    yield "[All findings](../findings.md)"


def _excerpt(title: str, excerpt: Excerpt) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    if not excerpt.header:
        yield f"`{excerpt.file}`:"
        yield ""
        yield "```"
        yield from (row[0] for row in excerpt.rows)
        yield "```"
        return
    yield f"`{excerpt.file}`:"
    yield ""
    if not excerpt.rows:
        yield NO_RECORD
        return
    yield f"| {' | '.join(_in_cell(name) for name in excerpt.header)} |"
    yield f"|{'---|' * len(excerpt.header)}"
    for row in excerpt.rows:
        yield f"| {' | '.join(_in_cell(cell) for cell in row)} |"


def _starred(sentence: str) -> str:
    """The sentence with what differs from finding to finding in stars."""
    text = sentence.replace("{{", "\x01").replace("}}", "\x02").replace("{", "*").replace("}", "*")
    return text.replace("\x01", "{").replace("\x02", "}")


def _in_cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
