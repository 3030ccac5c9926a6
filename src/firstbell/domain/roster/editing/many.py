"""The same to many rows at once: a preview by doing it and taking it back, then for good, as one act to undo."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.columns import MODELS
from firstbell.domain.roster.editing.act import Act, act
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.ownership import locked_columns
from firstbell.domain.roster.editing.refusals import Locked, NotGood, Refused
from firstbell.domain.roster.editing.rows import checked, live_row
from firstbell.domain.roster.editing.values import texts_of
from firstbell.domain.roster.models import Row
from firstbell.engine.tables import TABLES

MOST = 500
"""So many rows are changed at once; more is an import."""
OF_ANOTHER_SCHOOL = "has a role at a school that is not yours"


@dataclass(slots=True)
class Outcome:
    """What happened, or would: the names of those to whom it did, and of the others with the reason."""

    done: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    rows: int = 0
    """All rows that were written, those that hang on them too."""
    event_id: int = 0


@dataclass(frozen=True, slots=True)
class Several:
    """Rows of one kind: their table, what the audit calls them, in which order they go, and who may."""

    table: str
    called: str
    order: tuple[str, ...]
    name_of: Callable[[Row], str]
    ensure_all: Callable[[District, Editor, Sequence[int]], None]
    """Raises NotThere unless all are in the editor's sight."""
    ensure_one: Callable[[District, Editor, int], None]


type OneByOne = Callable[[Act, Row], bool]
"""Does it to one row; False where there was nothing to do."""


def to_each(
    several: Several,
    district: District,
    row_ids: Sequence[int],
    verb: str,
    one: OneByOne,
    *,
    by: Editor,
    only_look: bool,
) -> Outcome:
    """Do it to each of them that it can be done to. Raises NotThere for one that is not the editor's, and Refused."""
    if len(row_ids) > MOST:
        raise Refused(f"Choose up to {MOST} {several.called} at once; {len(row_ids):,} are chosen.")
    outcome = Outcome()
    with within(district), transaction.atomic():
        lock(district)
        several.ensure_all(district, by, row_ids)
        rows = MODELS[several.table]._default_manager.filter(district_id=district.pk, id__in=row_ids)
        with act(district, verb, several.called, by=by) as doing:
            for row in rows.order_by(*several.order):
                _try_one(several, doing, row, one, by, outcome)
            doing.subject = len(outcome.done)
        outcome.rows = len(doing.edits)
        outcome.event_id = doing.edits[0].event_id if doing.edits else 0
        if only_look:
            transaction.set_rollback(True)
    return outcome


def give(doing: Act, table: str, row: Row, column: str, text: str) -> bool:
    """Give a field a text; False where it says so already. Raises Locked and NotGood."""
    locked = locked_columns(doing.district, table, row)
    if column in locked:
        raise Locked(column, locked[column])
    was = texts_of(TABLES[table], row)
    return doing.update(table, row, checked(doing.district, table, {**was, column: text}))


def _try_one(several: Several, doing: Act, row: Row, one: OneByOne, by: Editor, outcome: Outcome) -> None:
    before, name = len(doing.edits), several.name_of(row)
    try:
        with transaction.atomic():
            several.ensure_one(doing.district, by, row.id)
            live_row(doing, several.table, row.id)
            if one(doing, row):
                outcome.done.append(name)
            else:
                outcome.left.append((name, "is so already"))
    except (Refused, NotGood, Locked, NotAllowed, NotThere) as reason:
        del doing.edits[before:]
        outcome.left.append((name, _why(reason)))


def _why(reason: Exception) -> str:
    match reason:
        case Locked():
            return f"comes from {reason.source} and is changed there"
        case NotAllowed() | NotThere():
            return OF_ANOTHER_SCHOOL
        case NotGood():
            return " ".join(problem.says(problem.column) for problem in reason.problems)
        case _:
            return str(reason)
