"""Schools as their list shows them: columns, and the orders that it can have."""

from datetime import date
from typing import Final

from firstbell.domain.roster.queries.schools import OrgLine
from firstbell.web.columns import Columns
from firstbell.web.short_lists import ShortList
from firstbell.web.words import in_words

OWN: Final = "the district itself"
COLUMNS: Final = Columns(
    first="Name",
    default="name",
    labels={"kind": "Kind", "identifier": "ID", "belongs_to": "Part of", "classes": "Classes", "source": "Kept by"},
    usual=("kind", "identifier", "classes", "source"),
    sorts={name: name for name in ("kind", "identifier", "belongs_to", "classes", "source")},
    descending=frozenset({"classes"}),
)


def _cells(line: OrgLine) -> dict[str, str | date | None]:
    return {
        "kind": in_words(line.type) if line.type else "",
        "identifier": line.identifier,
        "belongs_to": line.belongs_to,
        "classes": f"{line.classes:,}",
        "source": line.source or OWN,
    }


SCHOOLS: Final = ShortList[OrgLine](
    room="schools",
    columns=COLUMNS,
    orders={
        "kind": lambda line: line.type,
        "identifier": lambda line: line.identifier.casefold(),
        "belongs_to": lambda line: line.belongs_to.casefold(),
        "classes": lambda line: -line.classes,
        "source": lambda line: line.source.casefold(),
    },
    cells=_cells,
    title=lambda line: line.name,
)
"""They come by name, which also parts those that are alike."""
