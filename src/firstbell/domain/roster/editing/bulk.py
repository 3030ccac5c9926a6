"""The same to many people at once: a preview by doing it and taking it back, then for good, as one act to undo."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.act import Act, act
from firstbell.domain.roster.editing.editor import Editor, ensure_class, ensure_members, ensure_person
from firstbell.domain.roster.editing.ownership import locked_columns
from firstbell.domain.roster.editing.people import remove_person_row
from firstbell.domain.roster.editing.places import add_member_rows
from firstbell.domain.roster.editing.refusals import Locked, NotGood, Refused
from firstbell.domain.roster.editing.rows import checked, live_row
from firstbell.domain.roster.editing.values import texts_of
from firstbell.domain.roster.models import User
from firstbell.domain.roster.queries.person import name_of
from firstbell.engine.tables import USERS

MOST = 500
"""So many people are changed at once; more is an import."""
OF_ANOTHER_SCHOOL = "has a role at a school that is not yours"


@dataclass(slots=True)
class Outcome:
    """What happened, or would: the names of those to whom it did, and of the others with the reason."""

    done: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    rows: int = 0
    """All rows that were written, those that hang on the people too."""
    event_id: int = 0


type OneByOne = Callable[[Act, User], bool]
"""Does it to one person; False where there was nothing to do."""


def remove_people(district: District, person_ids: Sequence[int], *, by: Editor, only_look: bool = False) -> Outcome:
    """Take people off the roster. Raises NotThere for who is not the editor's."""

    def remove(doing: Act, person: User) -> bool:
        remove_person_row(doing, person.id, by=by)
        return True

    return _to_each(district, person_ids, "people.removed", remove, by=by, only_look=only_look)


def change_grade(
    district: District, person_ids: Sequence[int], grade: str, *, by: Editor, only_look: bool = False
) -> Outcome:
    """Give people a grade. Raises NotThere and NotGood."""

    def give(doing: Act, person: User) -> bool:
        locked = locked_columns(district, "users", person)
        if "grades" in locked:
            raise Locked("grades", locked["grades"])
        was = texts_of(USERS, person)
        return doing.update("users", person, checked(district, "users", {**was, "grades": grade}))

    return _to_each(district, person_ids, "people.grade_changed", give, by=by, only_look=only_look)


def add_people_to_class(
    district: District, person_ids: Sequence[int], class_id: int, role: str, *, by: Editor, only_look: bool = False
) -> Outcome:
    """Give people a place in a class. Raises NotThere and NotGood."""
    with within(district):
        ensure_class(district, by, class_id)

    def add(doing: Act, person: User) -> bool:
        came, _ = add_member_rows(doing, class_id, [person.id], {"role": role})
        return bool(came)

    return _to_each(district, person_ids, "people.added_to_class", add, by=by, only_look=only_look)


def _to_each(
    district: District, person_ids: Sequence[int], verb: str, one: OneByOne, *, by: Editor, only_look: bool
) -> Outcome:
    if len(person_ids) > MOST:
        raise Refused(f"Choose up to {MOST} people at once; {len(person_ids):,} are chosen.")
    outcome = Outcome()
    with within(district), transaction.atomic():
        lock(district)
        ensure_members(district, by, person_ids)
        people = User.objects.filter(district_id=district.pk, id__in=person_ids)
        with act(district, verb, "people", by=by) as doing:
            for person in people.order_by("family_name_key", "given_name_key", "id"):
                _try_one(doing, person, one, by, outcome)
            doing.subject = len(outcome.done)
        outcome.rows = len(doing.edits)
        outcome.event_id = doing.edits[0].event_id if doing.edits else 0
        if only_look:
            transaction.set_rollback(True)
    return outcome


def _try_one(doing: Act, person: User, one: OneByOne, by: Editor, outcome: Outcome) -> None:
    before = len(doing.edits)
    try:
        with transaction.atomic():
            ensure_person(doing.district, by, person.id)
            live_row(doing, "users", person.id)
            if one(doing, person):
                outcome.done.append(name_of(person))
            else:
                outcome.left.append((name_of(person), "is so already"))
    except (Refused, NotGood, Locked, NotAllowed, NotThere) as reason:
        del doing.edits[before:]
        outcome.left.append((name_of(person), _why(reason)))


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
