"""A question, read from the query of its address. What cannot be answered is refused with the parameter named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from firstbell.domain.sharing.oneroster.collection import Collection
from firstbell.domain.sharing.oneroster.filters import Filter, read_filter
from firstbell.domain.sharing.oneroster.refused import BadQuestion
from firstbell.domain.sharing.oneroster.resource import Resource, resource
from firstbell.domain.sharing.oneroster.shadow import Sight
from firstbell.domain.sharing.oneroster.version import Version

EVERYTHING = Sight()
LIMIT = 100
MOST = 10_000
_LARGEST = 2**31 - 1
LIST_PARAMETERS = ("limit", "offset", "sort", "orderBy", "fields", "filter", "after")
"""`after` is ours: links to the next page carry it, so that the walk goes on behind the record that came last."""


@dataclass(frozen=True, slots=True)
class Question:
    """One list, or a part of it."""

    version: Version
    collection: Collection
    parents: Mapping[str, str] = field(default_factory=dict)
    """sourcedIds of the parents in the address, by their names."""
    limit: int = LIMIT
    offset: int = 0
    after: str | None = None
    sort: str | None = None
    descending: bool = False
    fields: tuple[str, ...] = ()
    """None named: all."""
    filter: Filter | None = None
    sight: Sight = EVERYTHING

    @property
    def in_words(self) -> str:
        """What was asked, without values: they may name somebody."""
        fields = f" fields={','.join(self.fields)}" if self.fields else ""
        named = ",".join(clause.field for clause in self.filter.clauses) if self.filter else ""
        return f"{self.version} {self.collection.path}{fields}{f' filter={named}' if named else ''}"

    @property
    def resource(self) -> Resource:
        """What the list has records of."""
        return resource(self.version, self.collection.table, self.sight.hidden)


def read_parameters(query: bytes, known: tuple[str, ...]) -> dict[str, str]:
    """The known parameters of a query string; others are no concern of ours. Raises BadQuestion."""
    try:
        pairs = parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError as problem:
        raise BadQuestion("query", "the query is not percent-encoded UTF-8, or has too many parameters") from problem
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            continue
        if name in given:
            raise BadQuestion(name, "is given twice")
        if "\0" in value:
            raise BadQuestion(name, "holds a character that no text has (NUL)")
        given[name] = value
    return given


def read_question(
    version: Version, collection: Collection, parents: Mapping[str, str], query: bytes, sight: Sight = EVERYTHING
) -> Question:
    """The question of an address, by what the program sees. Raises BadQuestion."""
    given = read_parameters(query, LIST_PARAMETERS)
    asked = resource(version, collection.table, sight.hidden)
    return Question(
        version,
        collection,
        parents,
        limit=min(read_number(given, "limit", LIMIT, least=1), MOST),
        offset=read_number(given, "offset", 0, least=0),
        after=given.get("after"),
        sort=_sort(given.get("sort"), asked),
        descending=_descending(given.get("orderBy")),
        fields=read_fields(given.get("fields"), tuple(asked.members)),
        filter=read_filter(given["filter"]) if "filter" in given else None,
        sight=sight,
    )


def read_fields(text: str | None, members: tuple[str, ...]) -> tuple[str, ...]:
    """The members that are asked for, in the resource's order."""
    if text is None:
        return ()
    named = [name.strip() for name in text.split(",")]
    unknown = next((name for name in named if name not in members), None)
    if unknown is not None:
        raise BadQuestion("fields", f"there is no field {unknown[:100] or '(blank)'}: {', '.join(members)}")
    return tuple(name for name in members if name in named)


def read_number(given: Mapping[str, str], name: str, default: int, *, least: int) -> int:
    """A whole number of the query. Raises BadQuestion."""
    text = given.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or not least <= int(text) <= _LARGEST:
        raise BadQuestion(name, f"is a whole number from {least} to {_LARGEST}")
    return int(text)


def _sort(name: str | None, asked: Resource) -> str | None:
    if name is None or name == "sourcedId":
        return None
    found = asked.fields.get(name)
    if found is None or found.order is None:
        known = sorted(field for field, value in asked.fields.items() if value.order is not None)
        raise BadQuestion("sort", f"there is no field {name[:100]} to sort by: {', '.join(known)}")
    return name


def _descending(text: str | None) -> bool:
    if text is None or text.lower() == "asc":
        return False
    if text.lower() != "desc":
        raise BadQuestion("orderBy", "is asc or desc")
    return True
