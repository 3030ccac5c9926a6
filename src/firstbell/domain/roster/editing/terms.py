"""School years, semesters and terms. Like schools they are the whole district's."""

from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.act import act
from firstbell.domain.roster.editing.editor import Editor, ensure_whole_district
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.rows import Said, change, checked, live_row, removed_row
from firstbell.domain.roster.editing.together import remove_together, restore_together
from firstbell.domain.roster.models import AcademicSession, Class, Course

TABLE = "academicSessions"


def add_term(district: District, said: Said, *, by: Editor) -> int:
    """Add a term; tells its row id. Raises NotAllowed and NotGood."""
    ensure_whole_district(by)
    with act(district, "term.added", "term", by=by) as doing:
        doing.subject = row_id = doing.add(TABLE, checked(district, TABLE, _with_school_year(said)))
    return row_id


def edit_term(district: District, term_id: int, said: Said, *, seen: int, by: Editor) -> None:
    """Change a term. Raises NotAllowed, NotThere, ChangedMeanwhile, Locked and NotGood."""
    ensure_whole_district(by)
    with act(district, "term.edited", "term", term_id, by=by) as doing:
        change(doing, TABLE, live_row(doing, TABLE, term_id), said, seen=seen)


def remove_term(district: District, term_id: int, *, by: Editor) -> None:
    """Remove a term in which no class is held. Raises NotAllowed, NotThere and Refused."""
    ensure_whole_district(by)
    with act(district, "term.removed", "term", term_id, by=by) as doing:
        row = live_row(doing, TABLE, term_id)
        ensure_unused(district, term_id)
        remove_together(doing, TABLE, row)


def restore_term(district: District, term_id: int, *, by: Editor) -> None:
    """Bring a removed term back. Raises NotAllowed, NotThere and Refused."""
    ensure_whole_district(by)
    with act(district, "term.restored", "term", term_id, by=by) as doing:
        restore_together(doing, TABLE, removed_row(doing, TABLE, term_id))


def ensure_unused(district: District, term_id: int) -> None:
    """No class is held in the term, and no other term or course is a part of it. Raises Refused."""
    classes = Class.objects.filter(district_id=district.pk, term_ids__contains=[term_id], removed_at=None).count()
    parts = AcademicSession.objects.filter(district_id=district.pk, parent_id=term_id, removed_at=None).count()
    courses = Course.objects.filter(district_id=district.pk, school_year_id=term_id, removed_at=None).count()
    said = [
        f"{count:,} {one if count == 1 else several}"
        for count, one, several in (
            (classes, "class", "classes"),
            (parts, "term within it", "terms within it"),
            (courses, "course", "courses"),
        )
        if count
    ]
    if said:
        raise Refused(f"It still has {' and '.join(said)}. Change or remove them first.")


def _with_school_year(said: Said) -> Said:
    """The school year ends in the year of the last day, or in the next where that is in autumn."""
    ends = said.get("endDate") or ""
    if said.get("schoolYear") or not (ends[:4].isdigit() and ends[5:7].isdigit()):
        return said
    year = int(ends[:4]) + (1 if int(ends[5:7]) > 8 else 0)
    return {**said, "schoolYear": str(year)}
