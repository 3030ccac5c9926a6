"""Classes. A class of the products is a section of a course: where nobody names one, it is made quietly."""

from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.act import Act, act
from firstbell.domain.roster.editing.editor import Editor, ensure_class, ensure_school
from firstbell.domain.roster.editing.rows import Said, change, checked, live_row, removed_row
from firstbell.domain.roster.editing.together import Rows, remove_together, restore_together
from firstbell.domain.roster.editing.values import texts_of
from firstbell.domain.roster.models import Course, Enrollment
from firstbell.engine.entry import enter
from firstbell.engine.tables import CLASSES

TABLE = "classes"


def add_class(district: District, said: Said, *, by: Editor) -> int:
    """Add a class; tells its row id. Raises NotThere for a school that is not the editor's, and NotGood."""
    with act(district, "class.added", "class", by=by) as doing:
        _ensure_school_said(by, said)
        doing.subject = row_id = doing.add(TABLE, checked(district, TABLE, with_course(doing, said)))
    return row_id


def edit_class(district: District, class_id: int, said: Said, *, seen: int, by: Editor) -> None:
    """Change a class; its places follow it to another school. Raises NotThere, ChangedMeanwhile, Locked, NotGood."""
    with act(district, "class.edited", "class", class_id, by=by) as doing:
        ensure_class(district, by, class_id)
        _ensure_school_said(by, said)
        row = live_row(doing, TABLE, class_id)
        now = change(doing, TABLE, row, said, seen=seen)
        places = Enrollment.objects.filter(
            district_id=district.pk, class_id=class_id, removed_at=None, source_id=None
        ).exclude(school_id=int(now["schoolSourcedId"] or 0))
        for place in places:
            doing.update("enrollments", place, {"schoolSourcedId": now["schoolSourcedId"]})


def remove_class(district: District, class_id: int, *, by: Editor) -> Rows:
    """Remove a class with the places in it; nobody leaves the roster. Raises NotThere and Refused."""
    with act(district, "class.removed", "class", class_id, by=by) as doing:
        ensure_class(district, by, class_id)
        return remove_together(doing, TABLE, live_row(doing, TABLE, class_id))


def restore_class(district: District, class_id: int, *, by: Editor) -> int:
    """Bring a removed class back with the places that went with it; tells how many could not come.

    Raises NotThere, NotGood (its school or term is gone) and Refused.
    """
    with act(district, "class.restored", "class", class_id, by=by) as doing:
        ensure_class(district, by, class_id)
        row = removed_row(doing, TABLE, class_id)
        _, left = restore_together(doing, TABLE, row)
        checked(district, TABLE, _texts(doing, class_id))
    return left


def _texts(doing: Act, class_id: int) -> Said:
    return texts_of(CLASSES, live_row(doing, TABLE, class_id))


def _ensure_school_said(by: Editor, said: Said) -> None:
    school = said.get("schoolSourcedId") or ""
    if school.isdigit():
        ensure_school(by, int(school))


def with_course(doing: Act, said: Said) -> Said:
    """The class with a course: that of the same title in its school, or a new one."""
    title, school = (said.get("title") or "").strip(), said.get("schoolSourcedId") or ""
    if said.get("courseSourcedId") or not title or not school.isdigit():
        return said
    courses = Course.objects.filter(district_id=doing.district.pk, org_id=int(school), title=title, removed_at=None)
    found = courses.order_by("id").values_list("id", flat=True).first()
    if found is not None:
        return {**said, "courseSourcedId": str(found)}
    if any(problem.column != "courseSourcedId" for problem in enter(CLASSES, said).problems):
        return said  # nothing is made for a class that cannot be
    texts = checked(doing.district, "courses", {"title": title, "orgSourcedId": school})
    return {**said, "courseSourcedId": str(doing.add("courses", texts))}
