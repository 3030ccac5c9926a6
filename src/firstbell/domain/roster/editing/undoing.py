"""Taking an act back: what came goes, what went comes back, and fields that nobody changed get their old value."""

from collections.abc import Sequence

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
from firstbell.domain.roster.editing.parting import ensure_can_part, part
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.together import can_stand, hanging_rows
from firstbell.domain.roster.editing.values import texts_of
from firstbell.domain.roster.models import Edit, Merge, Row
from firstbell.engine.tables import TABLES

UNDONE = "roster.undone"
TABLE_OF = {kind: table for table, kind in KINDS.items()}


def undo_act(district: District, event_id: int, *, by: Editor) -> list[str]:
    """Take an act back; tells what had to stay as it is, a sentence each.

    Raises NotThere, NotAllowed (another's act, for who has some schools only) and Refused (undone already).
    """
    with within(district):
        lock(district)
        merge = Merge.objects.filter(district_id=district.pk, event_id=event_id).first()
        event = Event.objects.filter(district_id=district.pk, pk=event_id).first()
        edits = list(Edit.objects.filter(district_id=district.pk, event_id=event_id).order_by("-id"))
        if event is None or not edits:
            raise NotThere(event_id)
        _ensure_theirs(by, event, edits)
        if is_undone(district, event_id):
            raise Refused("This was undone already.")
        conflicts: list[str] = []
        if merge is not None:
            ensure_can_part(district, merge, by=by)
        with act(district, UNDONE, "event", event_id, by=by) as doing:
            for edit in edits:
                conflicts += _turn_around(doing, edit, of_sources=merge is not None)
            if merge is not None:
                conflicts += part(district, merge)
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


def _turn_around(doing: Act, edit: Edit, *, of_sources: bool) -> list[str]:
    """``of_sources``: the act moved rows of sources as well, and so does taking it back."""
    table = TABLE_OF[edit.kind]
    row = doing.row(table, edit.row_id)
    noun = TABLES[table].noun
    if row is None:
        return [f"One {noun} was erased and stays so."]
    match edit.action:
        case "added" | "restored":
            return _take_out(doing, table, row, edit, of_sources=of_sources)
        case "removed":
            return _bring_back(doing, table, row, of_sources=of_sources)
        case _:
            return _put_back(doing, table, row, edit)


def _take_out(doing: Act, table: str, row: Row, edit: Edit, *, of_sources: bool) -> list[str]:
    noun = TABLES[table].noun
    if row.removed_at is not None:
        return []
    if (row.source_id is not None and not of_sources) or not _is_as_left(doing, table, row, edit):
        return [f"One {noun} was changed since and stays."]
    if hanging_rows(doing.district, table, row):
        return [f"One {noun} is in use since and stays."]
    doing.remove(table, [row])
    return []


def _bring_back(doing: Act, table: str, row: Row, *, of_sources: bool) -> list[str]:
    if row.removed_at is None:
        return []
    if (row.source_id is not None and not of_sources) or not can_stand(doing.district, table, row):
        return [f"One {TABLES[table].noun} needs what is gone by now and stays removed."]
    doing.restore(table, [row])
    return []


def _put_back(doing: Act, table: str, row: Row, edit: Edit) -> list[str]:
    now = texts_of(TABLES[table], row)
    same = {name: edit.before.get(name) for name, text in edit.after.items() if now[name] == text}
    if same and row.removed_at is None:
        doing.update(table, row, same)
    changed = len(edit.after) - len(same)
    return [f"{changed} changed since of one {TABLES[table].noun} and stays as it is."] if changed else []


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
