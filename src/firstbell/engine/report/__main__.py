"""Writes the pages of all findings: ``python -m firstbell.engine.report tests/cases docs/reference``."""

import sys
from pathlib import Path

from firstbell.engine.catalogue import CATALOGUE
from firstbell.engine.report.examples import KEPT_IN, examples, write_examples
from firstbell.engine.report.pages import finding_page, index_page


def main(cases: Path, reference: Path) -> None:
    """Make the examples anew from the cases, and from them and the catalogue the pages."""
    (Path(__file__).parent / KEPT_IN).write_text(write_examples(cases), encoding="utf-8")
    examples.cache_clear()
    folder = reference / "findings"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.md"):
        old.unlink()
    (reference / "findings.md").write_text(index_page(), encoding="utf-8")
    for code in CATALOGUE:
        (folder / f"{code}.md").write_text(finding_page(code), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
