"""People who are kept by hand until a day: a student teacher, a guest, a child whom the system does not have yet.

They are on the roster on their last day and are removed after it, as by hand. Whom a source has begun to send stays as
long as it sends them: the day is forgotten.
"""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.act import Act
from firstbell.domain.roster.editing.bulk import PEOPLE
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.many import MOST, OF_ANOTHER_SCHOOL, Outcome, to_each
from firstbell.domain.roster.editing.people import ensure_all_schools, remove_person_row
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.models import Leaving, Row, Source, User
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT

LEFT = "people.left"
"""The act by which people go whose last day has passed."""
FARTHEST_YEARS = 20


def set_last_day(
    district: District, person_ids: Sequence[int], last_day: date | None, *, by: Editor, only_look: bool = False
) -> Outcome:
    """Let people go after a day, or (None) stay. Only who is kept by hand; a source says itself who leaves.

    Raises NotThere for one that is not the editor's, and Refused.
    """
    if len(person_ids) > MOST:
        raise Refused(f"Choose up to {MOST} people at once; {len(person_ids):,} are chosen.")
    _ensure_can_be(district, last_day)
    outcome = Outcome()
    with within(district), transaction.atomic():
        lock(district)
        PEOPLE.ensure_all(district, by, person_ids)
        sources = dict(Source.objects.filter(district_id=district.pk).values_list("pk", "name"))
        kept = dict(Leaving.objects.filter(person_id__in=person_ids).values_list("person_id", "last_day"))
        people = User.objects.filter(district_id=district.pk, id__in=person_ids, removed_at=None)
        changed = []
        for person in people.order_by(*PEOPLE.order):
            why = _why_not(district, person, sources, by) or (
                "is so already" if kept.get(person.id) == last_day else ""
            )
            if why:
                outcome.left.append((PEOPLE.name_of(person), why))
            else:
                outcome.done.append(PEOPLE.name_of(person))
                changed.append(person.id)
        _write(district, changed, last_day, by)
        if only_look:
            transaction.set_rollback(True)
    return outcome


def let_leave(district: District, today: date) -> int:
    """Remove those whose last day has passed, as an act that can be undone; tells how many. Twice changes nothing."""
    with within(district):
        if not Leaving.objects.filter(district_id=district.pk).exists():
            return 0
        lock(district)
        kept = User.objects.filter(district_id=district.pk, removed_at=None, source_id=None)
        leaving = Leaving.objects.filter(district_id=district.pk)
        due = leaving.filter(last_day__lt=today, person_id__in=kept.values("id"))
        ids = list(due.order_by("person_id").values_list("person_id", flat=True))
        adopted = User.objects.filter(district_id=district.pk, source_id__isnull=False)
        leaving.filter(person_id__in=adopted.values("id")).delete()
        leaving.filter(last_day__lt=today).delete()
        firstbell = Editor(SYSTEM, WHOLE_DISTRICT)

        def remove(doing: Act, person: Row) -> bool:
            remove_person_row(doing, person.id, by=firstbell)
            return True

        parts = [ids[first : first + MOST] for first in range(0, len(ids), MOST)]
        gone = [to_each(PEOPLE, district, part, LEFT, remove, by=firstbell, only_look=False) for part in parts]
    return sum(len(outcome.done) for outcome in gone)


def _ensure_can_be(district: District, last_day: date | None) -> None:
    """Raise Refused for a day that is gone, or so far away that it is a slip of the keyboard."""
    if last_day is None:
        return
    today = today_of(district)
    if last_day < today:
        raise Refused("That day has passed. Choose today or a later one, or remove them now.")
    if last_day.year > today.year + FARTHEST_YEARS:
        raise Refused(f"Choose a day within the next {FARTHEST_YEARS} years, or none.")


def _why_not(district: District, person: User, sources: dict[int, str], by: Editor) -> str:
    if person.source_id is not None:
        return f"comes from {sources.get(person.source_id, 'a source')}, which says itself who leaves"
    try:
        PEOPLE.ensure_one(district, by, person.id)
        ensure_all_schools(district, by, person.id)
    except (NotAllowed, NotThere):
        return OF_ANOTHER_SCHOOL
    return ""


def _write(district: District, person_ids: Sequence[int], last_day: date | None, by: Editor) -> None:
    Leaving.objects.filter(district_id=district.pk, person_id__in=person_ids).delete()
    if last_day is not None:
        fresh = [Leaving(district_id=district.pk, person_id=one, last_day=last_day) for one in person_ids]
        Leaving.objects.bulk_create(fresh)
    detail = {"last_day": last_day.isoformat() if last_day else None}
    for person_id in person_ids:
        record(district.pk, "user.last_day_set", by=by.actor, subject_kind="user", subject_id=person_id, detail=detail)
