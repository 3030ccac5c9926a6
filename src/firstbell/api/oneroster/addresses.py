"""Which question an address asks. A sourcedId may hold anything, a slash too: servers hand addresses on decoded."""

import re
from dataclasses import dataclass

from firstbell.domain.sharing.oneroster.collection import COLLECTIONS, Collection


@dataclass(frozen=True, slots=True)
class Asked:
    """A list, or with `sourced_id` one record of it."""

    collection: Collection
    parents: dict[str, str]
    sourced_id: str | None = None


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(path)), re.DOTALL)


# The longest first: schools/{school}/classes/{class}/students is more than a student list of a school "x/classes/y".
_LISTS = sorted(
    ((_pattern(path), collection) for path, collection in COLLECTIONS.items()), key=lambda entry: -len(entry[1].path)
)


def find_asked(path: str) -> Asked | None:
    """What the path below the root asks for; None where it is no address of the contract."""
    for pattern, collection in _LISTS:
        match = pattern.fullmatch(path)
        if match:
            return Asked(collection, match.groupdict())
    first, slash, sourced_id = path.partition("/")
    if first not in COLLECTIONS or not slash or not sourced_id:
        return None
    return Asked(COLLECTIONS[first], {}, sourced_id)
