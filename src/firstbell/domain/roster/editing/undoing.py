"""Taking an act back: what came goes, what went comes back, and fields that nobody changed get their old value."""

from collections.abc import Sequence
from itertools import groupby

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.editing.act import Act, act
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.together import hanging_rows, who_can_stand
from firstbell.domain.roster.editing.values import Texts, texts_of
from firstbell.domain.roster.models import Edit, Row
from firstbell.engine.tables import TABLES

UNDONE = "roster.undone"
TABLE_OF = {kind: table for table, kind in KINDS.items()}


def undo_act(district: District, event_id: int, *, by: Editor) -> list[str]:
    """Take an act back; tells what had to stay as it is, a sentence each.

    Raises NotThere, NotAllowed (another's act, for who has some schools only) and Refused (undone already).
    """
    with within(district):
        lock(district)
        event = Event.objects.filter(district_id=district.pk, pk=event_id).first()
        edits = list(Edit.objects.filter(district_id=district.pk, event_id=event_id).order_by("-id"))
        if event is None or not edits:
            raise NotThere(event_id)
        _ensure_theirs(by, event, edits)
        if is_undone(district, event_id):
            raise Refused("This was undone already.")
        conflicts: list[str] = []
        with act(district, UNDONE, "event", event_id, by=by) as doing:
            for (kind, action), alike in groupby(edits, key=lambda edit: (edit.kind, edit.action)):
                conflicts += _turn_around_all(doing, TABLE_OF[kind], action, list(alike))
        if not doing.edits:
            raise Refused("Everything was changed since, so nothing could be undone.")
    return conflicts


def is_undone(district: District, event_id: int) -> bool:
    """Whether an act was taken back."""
    undone = Event.objects.filter(district_id=district.pk, verb=UNDONE)
    return undone.filter(subject_kind="event", subject_id=str(event_id)).exists()


def _ensure_theirs(by: Editor, event: Event, edits: Sequence[Edit]) -> None:
    if by.has_whole_district:
        return
    schools = {
        int(text[name] or 0)
        for edit in edits
        for text in (edit.before, edit.after)
        for name in ("orgSourcedId", "schoolSourcedId", "primaryOrgSourcedId")
        if text.get(name)
    }
    if (event.actor_kind, event.actor_id) != (by.actor.kind, by.actor.id) or not all(map(by.has, schools)):
        raise NotAllowed(Permission.EDIT_ROSTER)


def _turn_around_all(doing: Act, table: str, action: str, edits: Sequence[Edit]) -> list[str]:
    """Some that followed one another and did the same: what can be written together is."""
    rows = doing.rows(table, [edit.row_id for edit in edits])
    noun = TABLES[table].noun
    conflicts = [f"One {noun} was erased and stays so." for edit in edits if edit.row_id not in rows]
    there = [(rows[edit.row_id], edit) for edit in edits if edit.row_id in rows]
    match action:
        case "added" | "restored":
            return conflicts + [said for row, edit in there for said in _take_out(doing, table, row, edit)]
        case "removed":
            return conflicts + _bring_back(doing, table, [row for row, _ in there])
        case _:
            return conflicts + _put_back(doing, table, there)


def _take_out(doing: Act, table: str, row: Row, edit: Edit) -> list[str]:
    noun = TABLES[table].noun
    if row.removed_at is not None:
        return []
    if row.source_id is not None or not _is_as_left(doing, table, row, edit):
        return [f"One {noun} was changed since and stays."]
    if hanging_rows(doing.district, table, row):
        return [f"One {noun} is in use since and stays."]
    doing.remove(table, [row])
    return []


def _bring_back(doing: Act, table: str, rows: Sequence[Row]) -> list[str]:
    gone = [row for row in rows if row.removed_at is not None]
    standing = who_can_stand(doing.district, table, gone)
    back = [row for row in gone if row.source_id is None and row.id in standing]
    doing.restore(table, back)
    return [f"One {TABLES[table].noun} needs what is gone by now and stays removed."] * (len(gone) - len(back))


def _put_back(doing: Act, table: str, edited: Sequence[tuple[Row, Edit]]) -> list[str]:
    """Old values for fields that nobody changed since. A row that the act changed twice goes back both steps."""
    conflicts = []
    now: dict[int, Texts] = {row.id: texts_of(TABLES[table], row) for row, _ in edited}
    old: dict[int, Texts] = {}
    for row, edit in edited:
        same = {name: edit.before.get(name) for name, text in edit.after.items() if now[row.id][name] == text}
        if row.removed_at is None:
            now[row.id] |= same
            old[row.id] = old.get(row.id, {}) | same
        if changed := len(edit.after) - len(same):
            conflicts.append(f"{changed} changed since of one {TABLES[table].noun} and stays as it is.")
    alike: dict[tuple[tuple[str, str | None], ...], list[Row]] = {}
    for row in {row.id: row for row, _ in edited}.values():
        alike.setdefault(tuple(old.get(row.id, {}).items()), []).append(row)
    for texts, rows in alike.items():
        doing.give(table, rows, dict(texts))
    return conflicts


def _is_as_left(doing: Act, table: str, row: Row, edit: Edit) -> bool:
    """Whether nobody but this undo itself has changed the row since."""
    if row.stamp == edit.stamp:
        return True
    later = Edit.objects.filter(
        district_id=doing.district.pk, kind=edit.kind, row_id=edit.row_id, id__gt=edit.pk
    ).exclude(event_id=edit.event_id)
    return not later.exists() and texts_of(TABLES[table], row) == {
        column.name: edit.after.get(column.name) for column in TABLES[table].content if column.name != "sourcedId"
    }


def access_act(district: District, event_id: int, by: Editor) -> Event:
    """What somebody did by hand, for who may undo it. Raises NotThere: not yours and not there are alike."""
    event = Event.objects.filter(district_id=district.pk, pk=event_id).first()
    edits = list(Edit.objects.filter(district_id=district.pk, event_id=event_id))
    if event is None or not edits:
        raise NotThere(event_id)
    try:
        _ensure_theirs(by, event, edits)
    except NotAllowed:
        raise NotThere(event_id) from None
    return event
