"""One act of somebody's: some rows written together, each with a stamp, before and after, and one event for all.

Rows made here belong to nobody (ARCHITECTURE 5): they have no record of any source, so that what the copies of records
say (ADR 0009) stays right.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import polars as pl
from django.db.models import QuerySet
from django.utils import timezone
from psycopg import sql

from firstbell.domain.audit.actions import record
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import KINDS, MODELS, has_published_id, table_name
from firstbell.domain.roster.copying import raw_cursor
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.values import Texts, as_fields, texts_of
from firstbell.domain.roster.models import Edit, Row
from firstbell.domain.roster.publishing import published_ids
from firstbell.engine.tables import TABLES

MADE_HERE = "fb-"
"""How the published id of a row begins that was made in the product."""


class Act:
    """Writes rows in the caller's transaction and keeps what they were before."""

    def __init__(self, district: District, at: datetime) -> None:
        self.district = district
        self.at = at
        self.edits: list[Edit] = []
        self.subject: object = ""

    def add(self, table: str, texts: Texts, *, row_id: int | None = None) -> int:
        """A new row, under a published id of its own. ``row_id``: a person's, for their demographics."""
        row_id = row_id or _new_id()
        stamp = self._stamp()
        published = {"sourced_id": _published(self.district, table, row_id)} if has_published_id(TABLES[table]) else {}
        MODELS[table]._default_manager.create(
            district_id=self.district.pk,
            id=row_id,
            stamp=stamp,
            created_stamp=stamp,
            date_last_modified=self.at,
            **published,
            **as_fields(TABLES[table], texts),
        )
        self._keep(table, row_id, "added", stamp, {}, texts)
        return row_id

    def update(self, table: str, row: Row, texts: Texts) -> bool:
        """Give a row these texts; False where it has them already."""
        was = texts_of(TABLES[table], row)
        changed = {name: text for name, text in texts.items() if was[name] != text}
        if not changed:
            return False
        stamp = self._stamp()
        self._rows(table, [row.id]).update(stamp=stamp, date_last_modified=self.at, **as_fields(TABLES[table], changed))
        self._keep(table, row.id, "updated", stamp, {name: was[name] for name in changed}, changed)
        return True

    def give(self, table: str, rows: Sequence[Row], texts: Texts) -> None:
        """Give all these rows the same texts, in a fixed number of statements; who has them already stays untouched."""
        was = {row.id: texts_of(TABLES[table], row) for row in rows}
        changed = [row for row in rows if any(was[row.id][name] != text for name, text in texts.items())]
        if not changed:
            return
        self._rows(table, [row.id for row in changed]).update(**as_fields(TABLES[table], texts))
        for row, stamp in zip(changed, self._stamp_all(table, changed), strict=True):
            fields = {name: text for name, text in texts.items() if was[row.id][name] != text}
            self._keep(table, row.id, "updated", stamp, {name: was[row.id][name] for name in fields}, fields)

    def remove(self, table: str, rows: Sequence[Row]) -> None:
        """Mark rows ``tobedeleted``; their ids, names and all else wait for their return."""
        self._rows(table, [row.id for row in rows]).update(removed_at=self.at)
        for row, stamp in zip(rows, self._stamp_all(table, rows), strict=True):
            self._keep(table, row.id, "removed", stamp, texts_of(TABLES[table], row), {})

    def restore(self, table: str, rows: Sequence[Row]) -> None:
        """Bring removed rows back as they were."""
        self._rows(table, [row.id for row in rows]).update(removed_at=None)
        for row, stamp in zip(rows, self._stamp_all(table, rows), strict=True):
            self._keep(table, row.id, "restored", stamp, {}, texts_of(TABLES[table], row))

    def row(self, table: str, row_id: int) -> Row | None:
        """A row as it is now, removed or not."""
        return self._rows(table, [row_id]).first()

    def rows(self, table: str, row_ids: Sequence[int]) -> dict[int, Row]:
        """Some rows as they are now, removed or not, by their ids."""
        return {row.id: row for row in self._rows(table, row_ids)}

    def _rows(self, table: str, row_ids: Sequence[int]) -> QuerySet[Row]:
        return MODELS[table]._default_manager.filter(district_id=self.district.pk, id__in=row_ids)

    def _stamp_all(self, table: str, rows: Sequence[Row]) -> list[int]:
        """A stamp for each of the rows, in their order."""
        if not rows:
            return []
        first = take_stamps(self.district, len(rows))
        stamps = list(range(first, first + len(rows)))
        with raw_cursor() as cursor:
            cursor.execute(
                sql.SQL(
                    "update {} set stamp = given.stamp, date_last_modified = %s"
                    " from unnest(%s::bigint[], %s::bigint[]) as given (id, stamp)"
                    " where district_id = %s and {}.id = given.id"
                ).format(*[sql.Identifier(table_name(TABLES[table]))] * 2),
                [self.at, [row.id for row in rows], stamps, self.district.pk],
            )
        return stamps

    def _stamp(self) -> int:
        return take_stamps(self.district, 1)

    def _keep(self, table: str, row_id: int, action: str, stamp: int, before: Texts, after: Texts) -> None:
        self.edits.append(
            Edit(
                district_id=self.district.pk,
                kind=KINDS[table],
                row_id=row_id,
                action=action,
                stamp=stamp,
                before=before,
                after={name: text for name, text in after.items() if text is not None or action == "updated"},
            )
        )


@contextmanager
def act(district: District, verb: str, kind: str, subject: object = "", *, by: Editor) -> Iterator[Act]:
    """Write within the district's wall and lock; the event and the edits follow where rows were written.

    ``verb``, ``kind`` and ``subject`` are the event's; an act that makes its subject says which it is.
    """
    with within(district):
        lock(district)
        doing = Act(district, timezone.now())
        doing.subject = subject
        yield doing
        if not doing.edits:
            return
        names = sorted({name for edit in doing.edits if edit.action == "updated" for name in edit.after})
        detail = {"rows": len(doing.edits), **({"fields": names} if names else {})}
        event = record(district.pk, verb, by=by.actor, subject_kind=kind, subject_id=doing.subject, detail=detail)
        for edit in doing.edits:
            edit.event_id = event.pk
        Edit.objects.bulk_create(doing.edits)


def _new_id() -> int:
    """Row ids come in blocks; a row by hand takes the first of one, as an import of one row would."""
    with raw_cursor() as cursor:
        cursor.execute("select nextval('roster_row_ids')")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _published(district: District, table: str, row_id: int) -> str:
    wanted = pl.DataFrame({"key": [f"{MADE_HERE}{row_id}"]})
    return str(published_ids(district, TABLES[table], wanted)["sourced_id"][0])
