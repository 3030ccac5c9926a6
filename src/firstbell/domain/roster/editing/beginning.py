"""How a one-school district begins: with its school, a year-long term and a homeroom for each grade."""

from collections.abc import Mapping
from datetime import date

from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.act import act
from firstbell.domain.roster.editing.classes import with_course
from firstbell.domain.roster.editing.editor import Editor, ensure_whole_district
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.rows import checked
from firstbell.domain.roster.editing.school_years import school_year_of
from firstbell.domain.roster.models import Org

GRADES = ("PK", "TK", "KG", *(f"{grade:02d}" for grade in range(1, 13)))
"""Grades of a school, from the lowest to the highest, as people move up through them."""


def grades_between(lowest: str, highest: str) -> tuple[str, ...]:
    """The grades from one to another, both included; none where the order is wrong.

    A year of transitional kindergarten is named by few schools, so it is there only where it begins or ends.
    """
    between = GRADES[GRADES.index(lowest) : GRADES.index(highest) + 1]
    return tuple(grade for grade in between if grade != "TK" or grade in {lowest, highest})


def begin_with_one_school(
    district: District, name: str, homerooms: Mapping[str, str], *, today: date, by: Editor
) -> None:
    """Make the school, its school year and a homeroom for each grade (``homerooms``: grade to title), as one act.

    Raises NotAllowed, Refused where there is a school already, and NotGood.
    """
    ensure_whole_district(by)
    with act(district, "district.begun", "district", district.pk, by=by) as doing:
        if Org.objects.filter(district_id=district.pk).exists():
            raise Refused("There is a school already.")
        school = doing.add("orgs", checked(district, "orgs", {"name": name, "type": "school"}))
        year = school_year_of(today).as_term()
        term = doing.add("academicSessions", checked(district, "academicSessions", year))
        for grade, title in homerooms.items():
            said = {
                "title": title,
                "classType": "homeroom",
                "grades": grade,
                "schoolSourcedId": str(school),
                "termSourcedIds": str(term),
            }
            doing.add("classes", checked(district, "classes", with_course(doing, said)))
