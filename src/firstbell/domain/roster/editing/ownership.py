"""What of a row may be changed by hand: all of one that is nobody's; of a source's, the few that the district keeps."""

from typing import Final

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.models import KeptField, Record, Row, Source
from firstbell.engine.entry import typed_columns
from firstbell.engine.tables import TABLES

KEPT: Final[dict[str, frozenset[str]]] = {
    "users": frozenset({"preferredGivenName", "preferredMiddleName", "preferredFamilyName"})
}
"""Fields of a source's rows that a district may keep for itself: people know best what they are called."""


def locked_columns(district: District, table: str, row: Row) -> dict[str, str]:
    """The columns that somebody else keeps, each with the name of its source."""
    sources = {source.pk: source for source in Source.objects.filter(district_id=district.pk)}
    locked: dict[str, str] = {}
    owner = sources.get(row.source_id or 0)
    if owner is not None:
        locked = {column.name: owner.name for column in typed_columns(TABLES[table])}
    records = Record.objects.filter(district_id=district.pk, kind=KINDS[table], row_id=row.id, present=True)
    for source_id in records.values_list("source_id", flat=True):
        source = sources[source_id]
        for column in source.settings.get("contributes", {}).get(table, ()):
            locked[column] = source.name
    return {name: source for name, source in locked.items() if name not in KEPT.get(table, ())}


def rows_locked_by_contributors(district: District, table: str, column: str) -> set[int]:
    """The rows of which a source keeps this column that does not own them."""
    contributors = [
        source.pk
        for source in Source.objects.filter(district_id=district.pk)
        if column in source.settings.get("contributes", {}).get(table, ())
    ]
    if not contributors:
        return set()
    records = Record.objects.filter(
        district_id=district.pk, source_id__in=contributors, kind=KINDS[table], present=True
    )
    return set(records.values_list("row_id", flat=True))


def keep_fields(district: District, table: str, row: Row, columns: list[str]) -> None:
    """From now on sources leave these fields of their row alone."""
    if row.source_id is None:
        return
    kept = [
        KeptField(district_id=district.pk, kind=KINDS[table], row_id=row.id, column=column)
        for column in columns
        if column in KEPT.get(table, ())
    ]
    KeptField.objects.bulk_create(kept, ignore_conflicts=True)


def ensure_unowned(district: District, table: str, rows: list[Row], what: str) -> None:
    """Raises Refused where some of the rows come from a source: it would bring them back, or needs them."""
    owned = [row for row in rows if row.source_id is not None]
    if not owned:
        return
    source = Source.objects.filter(district_id=district.pk, pk=owned[0].source_id or 0).first()
    name = source.name if source else "a source"
    noun = TABLES[table].noun if len(owned) == 1 else TABLES[table].nouns
    verb = "comes" if len(owned) == 1 else "come"
    raise Refused(f"{len(owned):,} {noun} {verb} from {name}. {what} there.")
