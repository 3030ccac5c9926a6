"""Merging: two rows turn out to be one person. One stays, and what hangs on the other comes to it.

Only records, places and log-ins move; the row that goes waits as a removed one, its published id reserved for good.
What a source says stays the source's: its records lead to the row that stays, so that its next file changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from firstbell.domain.accounts.exchanging import exchange_sign_ins, signs_in, tie_to, ties_of
from firstbell.domain.audit.actions import record
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.act import act
from firstbell.domain.roster.editing.editor import Editor, ensure_person
from firstbell.domain.roster.editing.folding import fold, move_hanging, move_relatives
from firstbell.domain.roster.editing.moved import Moved
from firstbell.domain.roster.editing.ownership import KEPT, keep_fields, locked_columns
from firstbell.domain.roster.editing.people import ensure_all_schools
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.values import Texts, texts_of
from firstbell.domain.roster.models import KeptField, Leaving, Merge, NotTheSame, Row, User
from firstbell.engine.entry import typed_columns
from firstbell.engine.tables import USERS

TABLE = "users"
UNITED = frozenset({"agentSourcedIds"})
"""What both rows have together, where nobody else keeps it: the related people."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A field in which the two rows differ: both texts, and whose it is where a source keeps it."""

    column: str
    kept: str | None
    gone: str | None
    source: str = ""
    """The source that keeps the field, blank where the district chooses."""
    from_gone: bool = False
    """What is proposed, or what the source says."""


def merge_people(
    district: District,
    kept_id: int,
    gone_id: int,
    *,
    from_gone: Collection[str] = (),
    sign_in_from_gone: bool = False,
    seen: tuple[int, int] | None = None,
    by: Editor,
) -> int:
    """Merge a person's row into another; tells the event, by which it is undone.

    ``from_gone``: the columns that come from the row that goes; ``sign_in_from_gone``: where both sign in, whose
    username and badge go on. ``seen``: the stamps of both rows as they were shown.
    Raises NotAllowed, NotThere and Refused.
    """
    with within(district):
        with act(district, "user.merged", "user", kept_id, by=by) as doing:
            kept, gone = ensure_two(district, kept_id, gone_id, by=by)
            if seen is not None and seen != (kept.stamp, gone.stamp):
                raise Refused("Somebody changed one of the two meanwhile. Look again, then merge.")
            moved = Moved()
            offered = {offer.column: offer for offer in offers(district, kept, gone)}
            chosen = _chosen(offered, from_gone)
            move_hanging(doing, kept_id, gone_id, moved)
            move_relatives(doing, kept_id, gone_id)
            fold(doing, TABLE, kept, gone, chosen, moved)
            _keep(district, kept, sorted(chosen), moved)
            _move_log_ins(district, kept_id, gone_id, moved, from_gone=sign_in_from_gone)
        event_id = doing.edits[0].event_id
        Merge.objects.create(
            district_id=district.pk, event_id=event_id, gone_id=gone_id, kept_id=kept_id, moved=moved.as_json()
        )
        NotTheSame.objects.filter(_pair(kept_id, gone_id), district_id=district.pk).delete()
        Leaving.objects.filter(district_id=district.pk, person_id=gone_id).delete()
    return event_id


def tell_apart(district: District, one_id: int, other_id: int, *, by: Editor) -> None:
    """Two rows are two people: nobody is asked about them again. Raises NotAllowed, NotThere and Refused."""
    low, high = sorted((one_id, other_id))
    with act(district, "user.told_apart", "user", one_id, by=by):
        ensure_two(district, one_id, other_id, by=by)
        if NotTheSame.objects.filter(_pair(one_id, other_id), district_id=district.pk).exists():
            return
        detail = {"other": other_id}
        event = record(
            district.pk, "user.told_apart", by=by.actor, subject_kind="user", subject_id=one_id, detail=detail
        )
        NotTheSame.objects.create(district_id=district.pk, one_id=low, other_id=high, event_id=event.pk)


def ensure_two(district: District, kept_id: int, gone_id: int, *, by: Editor) -> tuple[User, User]:
    """Two people on the roster, both the editor's to change. Raises NotAllowed, NotThere and Refused."""
    if kept_id == gone_id:
        raise Refused("This is one row, not two. Choose another person.")
    for person_id in (kept_id, gone_id):
        ensure_person(district, by, person_id)
        ensure_all_schools(district, by, person_id)
    people = User.objects.filter(district_id=district.pk, id__in=(kept_id, gone_id), removed_at=None)
    rows = {person.id: person for person in people}
    if len(rows) < 2:
        raise NotThere(gone_id)
    return rows[kept_id], rows[gone_id]


def offers(district: District, kept: Row, gone: Row) -> list[Offer]:
    """The fields in which the two differ. A blank one is offered the other's text."""
    was, other = texts_of(USERS, kept), texts_of(USERS, gone)
    locked, locked_there = locked_columns(district, TABLE, kept), locked_columns(district, TABLE, gone)
    found = []
    for column in typed_columns(USERS):
        name = column.name
        if was[name] == other[name] or column.secret:
            continue
        source, is_theirs = locked.get(name, ""), False
        if kept.source_id is None and name in locked_there and not source:
            source, is_theirs = locked_there[name], True
        proposed = is_theirs if source else was[name] is None
        found.append(Offer(name, was[name], other[name], source, proposed))
    return found


def _chosen(offered: dict[str, Offer], from_gone: Collection[str]) -> Texts:
    """The texts that the row which stays takes over."""
    texts: Texts = {}
    for name, offer in offered.items():
        if name in UNITED and not offer.source:
            texts[name] = _united(offer.kept, offer.gone)
        elif offer.from_gone if offer.source else name in from_gone:
            texts[name] = offer.gone
    return texts


def _united(*texts: str | None) -> str | None:
    parts = [part for text in texts if text for part in text.split(",")]
    return ",".join(dict.fromkeys(parts)) or None


def _keep(district: District, kept: Row, columns: list[str], moved: Moved) -> None:
    """What the district chose on a source's row stays its own."""
    had = set(KeptField.objects.filter(district_id=district.pk, row_id=kept.id).values_list("column", flat=True))
    keep_fields(district, TABLE, kept, columns)
    if kept.source_id is not None:
        moved.kept_fields = [column for column in columns if column in KEPT[TABLE] and column not in had]


def _move_log_ins(district: District, kept_id: int, gone_id: int, moved: Moved, *, from_gone: bool) -> None:
    if signs_in(district, gone_id) and (from_gone or not signs_in(district, kept_id)):
        exchange_sign_ins(district, kept_id, gone_id)
        moved.exchanged = True
    ties = ties_of(district, gone_id)
    tie_to(district, kept_id, ties)
    moved.memberships, moved.invitations = ties.memberships, ties.invitations


def _pair(one_id: int, other_id: int) -> Q:
    low, high = sorted((one_id, other_id))
    return Q(one_id=low, other_id=high)
