"""Terms as their list shows them: columns, and the orders that it can have."""

from datetime import date
from typing import Final

from firstbell.domain.roster.queries.terms import TermLine
from firstbell.web.columns import Columns
from firstbell.web.schools.listing import OWN
from firstbell.web.short_lists import ShortList
from firstbell.web.words import in_words

NEWEST, TITLE = "newest", "title"
COLUMNS: Final = Columns(
    first="Title",
    default=NEWEST,
    by_first=TITLE,
    labels={
        "kind": "Kind",
        "begins": "First day",
        "ends": "First day after",
        "part_of": "Part of",
        "classes": "Classes",
        "source": "Kept by",
    },
    usual=("kind", "begins", "ends", "classes", "source"),
    sorts={"begins": NEWEST, **{name: name for name in ("kind", "ends", "part_of", "classes", "source")}},
    descending=frozenset({NEWEST, "ends", "classes"}),
)


def _cells(line: TermLine) -> dict[str, str | date | None]:
    return {
        "kind": in_words(line.type) if line.type else "",
        "begins": line.start_date,
        "ends": line.end_date,
        "part_of": line.part_of,
        "classes": f"{line.classes:,}",
        "source": line.source or OWN,
    }


TERMS: Final = ShortList[TermLine](
    room="terms",
    columns=COLUMNS,
    orders={
        TITLE: lambda line: line.title.casefold(),
        "kind": lambda line: line.type,
        "ends": lambda line: -(line.end_date or date.min).toordinal(),
        "part_of": lambda line: line.part_of.casefold(),
        "classes": lambda line: -line.classes,
        "source": lambda line: line.source.casefold(),
    },
    cells=_cells,
    title=lambda line: line.title,
)
"""They come with the newest first, which also parts those that are alike."""
