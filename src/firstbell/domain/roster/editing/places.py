"""Places of people in classes: students, teachers beside one another, and substitutes for a time."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.act import Act, act
from firstbell.domain.roster.editing.editor import Editor, ensure_class, ensure_members, find_place_in_class
from firstbell.domain.roster.editing.ownership import ensure_unowned
from firstbell.domain.roster.editing.refusals import NotGood
from firstbell.domain.roster.editing.rows import Said, change, checked, live_row, removed_row
from firstbell.domain.roster.models import Class, Enrollment
from firstbell.engine.entry import Problem

TABLE = "enrollments"
MOST = 500
"""So many people are added to a class at once."""
HAS_MAIN = "The class has a main teacher already. Take that from the other one first."


def add_members(
    district: District, class_id: int, person_ids: Sequence[int], said: Said, *, by: Editor
) -> tuple[int, int]:
    """Give people places in a class (``said``: role, dates, primary); tells how many came, and were there already.

    A place that somebody had is given back to them. Raises NotThere and NotGood.
    """
    with act(district, "class.members_added", "class", class_id, by=by) as doing:
        ensure_class(district, by, class_id)
        ensure_members(district, by, person_ids)
        return add_member_rows(doing, class_id, person_ids, said)


def add_member_rows(doing: Act, class_id: int, person_ids: Sequence[int], said: Said) -> tuple[int, int]:
    """The same, as a part of an act."""
    group = live_row(doing, "classes", class_id)
    school = str(group.school_id) if isinstance(group, Class) else None
    came = 0
    for person_id in dict.fromkeys(person_ids):
        whose = {"classSourcedId": str(class_id), "schoolSourcedId": school, "userSourcedId": str(person_id)}
        texts = checked(doing.district, TABLE, {**said, **whose})
        came += _give_place(doing, texts)
    return came, len(set(person_ids)) - came


def edit_place(district: District, class_id: int, place_id: int, said: Said, *, seen: int, by: Editor) -> None:
    """Change as what and until when somebody is in a class.

    Raises NotThere, ChangedMeanwhile, Locked and NotGood.
    """
    with act(district, "class.member_edited", "class", class_id, by=by) as doing:
        ensure_class(district, by, class_id)
        find_place_in_class(district, class_id, place_id)
        row = live_row(doing, TABLE, place_id)
        allowed = {name: said[name] for name in ("role", "primary", "beginDate", "endDate") if name in said}
        now = change(doing, TABLE, row, allowed, seen=seen)
        if now["primary"] == "true":
            _ensure_only_main(district, class_id, place_id)


def remove_places(district: District, class_id: int, place_ids: Sequence[int], *, by: Editor) -> None:
    """Take people out of a class; they stay on the roster. Raises NotThere and Refused (a source's)."""
    with act(district, "class.members_removed", "class", class_id, by=by) as doing:
        ensure_class(district, by, class_id)
        for place_id in dict.fromkeys(place_ids):
            find_place_in_class(district, class_id, place_id)
            row = live_row(doing, TABLE, place_id)
            ensure_unowned(district, TABLE, [row], "Remove it")
            doing.remove(TABLE, [row])


def restore_place(district: District, class_id: int, place_id: int, *, by: Editor) -> None:
    """Give somebody their place in a class back. Raises NotThere, NotGood and Refused."""
    with act(district, "class.members_restored", "class", class_id, by=by) as doing:
        ensure_class(district, by, class_id)
        place = find_place_in_class(district, class_id, place_id)
        live_row(doing, "classes", class_id)
        live_row(doing, "users", place.user_id or 0)
        row = removed_row(doing, TABLE, place_id)
        ensure_unowned(district, TABLE, [row], "It comes back when it is sent from")
        alike = _alike(district, class_id, place.user_id or 0, place.role or "")
        if alike.filter(removed_at=None).exists():
            raise NotGood(Problem("role", "The person is in this class again already."))
        doing.restore(TABLE, [row])


def _give_place(doing: Act, texts: dict[str, str | None]) -> bool:
    class_id, person_id = int(texts["classSourcedId"] or 0), int(texts["userSourcedId"] or 0)
    alike = _alike(doing.district, class_id, person_id, texts["role"] or "")
    if alike.filter(_not_over(doing.at.date()), removed_at=None).exists():
        return False
    if texts["primary"] == "true":
        _ensure_only_main(doing.district, class_id, None)
    had = alike.filter(removed_at__isnull=False, source_id=None).order_by("-removed_at").first()
    if had is None:
        doing.add(TABLE, texts)
        return True
    doing.restore(TABLE, [had])
    given = {name: texts[name] for name in ("schoolSourcedId", "primary", "beginDate", "endDate")}
    doing.update(TABLE, live_row(doing, TABLE, had.id), given)
    return True


def _alike(district: District, class_id: int, person_id: int, role: str) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(district_id=district.pk, class_id=class_id, user_id=person_id, role=role)


def _not_over(today: date) -> Q:
    return Q(end_date=None) | Q(end_date__gt=today)


def _ensure_only_main(district: District, class_id: int, place_id: int | None) -> None:
    mains = Enrollment.objects.filter(district_id=district.pk, class_id=class_id, primary=True, removed_at=None)
    if mains.filter(role="teacher").exclude(id=place_id or 0).exists():
        raise NotGood(Problem("primary", HAS_MAIN))
