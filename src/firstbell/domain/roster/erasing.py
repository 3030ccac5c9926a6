"""People whom retention erases: who is due, what is held of them, and taking it out of the roster for good.

Run folders are ``imports.erasing``'s part, and come first: what fails half-way is begun anew with the next night.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from firstbell.domain.accounts.forgetting import forget_person
from firstbell.domain.accounts.printed import forget_printed
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import fingerprints_of
from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import KINDS, MODELS
from firstbell.domain.roster.editing.act import act
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.values import text_of
from firstbell.domain.roster.models import (
    Edit,
    Enrollment,
    KeptField,
    Leaving,
    Merge,
    NotTheSame,
    Record,
    Role,
    Tombstone,
    User,
    UserProfile,
)
from firstbell.domain.roster.queries.merged import merged_away, with_merged
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT

AT_ONCE = 500
"""So many people are erased in one pass over the run folders."""
FEW = 1000
"""So many marks are asked for one by one; for more, all tombstones of the district are read."""
TELLING = ("username", "identifier", "email", "sms", "phone", "user_master_identifier", "sourced_id")
"""Fields by which a finding or a file may name somebody."""


MARKED = ("username", "identifier")
"""Fields by which somebody who was erased is recognised again."""


@dataclass(slots=True)
class Held:
    """What is held of some people: their rows by table, what sources call these, and words that name them."""

    people: list[int] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=dict)
    keys: dict[int, set[str]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


SHORTEST = 4
"""A shorter number may be anything that somebody wrote."""
GONE = "(Erased: it named somebody who is not kept any more.)"
"""What stands in the place of words that named somebody."""


def naming(held: Held) -> Callable[[str], bool]:
    """Whether a text that somebody wrote names one of these people."""
    names = [name.casefold() for name in held.names | held.words if len(name.strip()) >= SHORTEST]

    def is_named(text: str) -> bool:
        folded = text.casefold()
        return any(name in folded for name in names)

    return is_named


def retained_until(district: District, row: User) -> datetime | None:
    """Until when somebody who was removed is kept; None for who is on the roster."""
    return None if row.removed_at is None else row.removed_at + timedelta(days=district.retention_days)


def list_due(district: District, at: datetime) -> list[int]:
    """People (row ids) who were removed longer ago than the district keeps them; the first to go first.

    A row that was merged into another goes when that one does.
    """
    before = at - timedelta(days=district.retention_days)
    due = User.objects.filter(district_id=district.pk, removed_at__lte=before)
    due = due.exclude(id__in=merged_away(district).values("gone_id"))
    return list(due.order_by("removed_at", "id").values_list("id", flat=True)[:AT_ONCE])


def what_is_held(district: District, person_ids: Sequence[int]) -> Held:
    """All rows of these people, live or removed, those that were merged into theirs too, and what names them."""
    own = with_merged(district, person_ids)
    held = Held(list(person_ids), {"users": own, "demographics": list(own)})
    for table, model in (("roles", Role), ("enrollments", Enrollment), ("userProfiles", UserProfile)):
        hanging = model._default_manager.filter(district_id=district.pk, user_id__in=own)
        held.rows[table] = list(hanging.values_list("id", flat=True))
    for table, ids in held.rows.items():
        records = Record.objects.filter(district_id=district.pk, kind=KINDS[table], row_id__in=ids)
        for source_id, key in records.values_list("source_id", "source_key"):
            held.keys.setdefault(source_id, set()).add(key)
    for row in User.objects.filter(district_id=district.pk, id__in=own):
        held.words |= {text for name in TELLING if (text := text_of(getattr(row, name)))}
        if row.given_name and row.family_name:
            held.names |= {f"{row.given_name} {row.family_name}", f"{row.family_name}, {row.given_name}"}
    return held


def erase_rows(district: District, held: Held, at: datetime, *, runs: Sequence[int], by: Actor) -> int:
    """Take those of the people who are still due out of the roster for good; tells how many they were.

    A receipt for each stays in the audit: that somebody was erased, when they had left, and how many rows it was. It
    names nobody.
    """
    with within(district):
        lock(district)
        due = set(list_due(district, at)) & set(held.people)
        if not due:
            return 0
        held = what_is_held(district, sorted(due))
        _forget_relatives(district, held.rows["users"], by)
        people = list(User.objects.filter(district_id=district.pk, id__in=due))
        marks = {person.id: _marks_of(district, person) for person in people}
        counts = {person.id: _erase_one(district, person, by=by) for person in people}
        take_stamps(district, 1)
        for person in people:
            left = person.removed_at.date().isoformat() if person.removed_at else ""
            detail = {"left": left, "rows": counts[person.id], "runs": list(runs)}
            receipt = record(
                district.pk, "user.erased", by=by, subject_kind="user", subject_id=person.id, detail=detail
            )
            _mark(district, marks[person.id], receipt.pk)
    return len(people)


def mark_of_key(source_id: int, key: str) -> str:
    """What a source calls somebody, as a tombstone recognises it."""
    return f"key:{source_id}:{key}"


def mark_of_field(column: str, text: str) -> str:
    """A username or an ID, as a tombstone recognises it."""
    return f"{column}:{text.casefold()}"


def find_tombstones(district: District, marks: Collection[str]) -> set[str]:
    """Those of the marks that are of people who were erased."""
    stones = Tombstone.objects.filter(district_id=district.pk)
    if not stones.exists():
        return set()
    by_fingerprint = {fingerprint: mark for mark, fingerprint in fingerprints_of(district, marks).items()}
    if len(by_fingerprint) <= FEW:
        stones = stones.filter(fingerprint__in=list(by_fingerprint))
    found = by_fingerprint.keys() & set(stones.values_list("fingerprint", flat=True))
    return {by_fingerprint[fingerprint] for fingerprint in found}


def forget_tombstones(district: District, marks: Collection[str]) -> None:
    """Somebody decided that these people come again: nobody is asked about them any more."""
    stones = Tombstone.objects.filter(district_id=district.pk)
    stones.filter(fingerprint__in=list(fingerprints_of(district, marks).values())).delete()


def _marks_of(district: District, person: User) -> list[str]:
    rows = User.objects.filter(district_id=district.pk, id__in=with_merged(district, [person.id]))
    records = Record.objects.filter(district_id=district.pk, kind=KINDS["users"], row_id__in=rows.values("id"))
    marks = [mark_of_key(source_id, key) for source_id, key in records.values_list("source_id", "source_key")]
    texts = [(name, text_of(getattr(row, name))) for row in rows for name in MARKED]
    return marks + [mark_of_field(name, text) for name, text in texts if text]


def _mark(district: District, marks: Collection[str], receipt: int) -> None:
    stones = [
        Tombstone(district_id=district.pk, fingerprint=fingerprint, event_id=receipt)
        for fingerprint in set(fingerprints_of(district, marks).values())
    ]
    Tombstone.objects.bulk_create(stones, ignore_conflicts=True)


def _erase_one(district: District, person: User, *, by: Actor) -> dict[str, int]:
    held = what_is_held(district, [person.id])
    for row_id in held.rows["users"]:
        forget_person(district, row_id, by=by)
    forget_printed(district, held.rows["users"])
    counts: dict[str, int] = {}
    for table in ("enrollments", "roles", "userProfiles", "demographics", "users"):
        ids = held.rows[table]
        for model in (Record, Edit, KeptField):
            model._default_manager.filter(district_id=district.pk, kind=KINDS[table], row_id__in=ids).delete()
        counts[table], _ = MODELS[table]._default_manager.filter(district_id=district.pk, id__in=ids).delete()
    _forget_pairs(district, held.rows["users"])
    return {table: count for table, count in counts.items() if count}


def _forget_pairs(district: District, row_ids: Sequence[int]) -> None:
    """What was merged, who was told apart, and who would have left."""
    Leaving.objects.filter(district_id=district.pk, person_id__in=row_ids).delete()
    Merge.objects.filter(Q(gone_id__in=row_ids) | Q(kept_id__in=row_ids), district_id=district.pk).delete()
    NotTheSame.objects.filter(Q(one_id__in=row_ids) | Q(other_id__in=row_ids), district_id=district.pk).delete()


def _forget_relatives(district: District, person_ids: Sequence[int], by: Actor) -> None:
    """Nobody who stays is related to somebody who is erased."""
    gone = set(person_ids)
    related = User.objects.filter(district_id=district.pk, agent_ids__overlap=list(gone)).exclude(id__in=gone)
    with act(district, "people.relatives_erased", "people", by=Editor(by, WHOLE_DISTRICT)) as doing:
        for person in related:
            left = [agent for agent in person.agent_ids or () if agent not in gone]
            doing.update("users", person, {"agentSourcedIds": text_of(left)})
        doing.subject = len(doing.edits)
