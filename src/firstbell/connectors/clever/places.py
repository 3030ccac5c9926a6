"""Clever's district, schools, terms, courses and sections as rows of OneRoster. A section names its people itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from firstbell.connectors.clever.extras import kept
from firstbell.connectors.values import Row, day_of, items_of, joined_id, text_of
from firstbell.engine.formats.clever.words import read_grade

type Rows = dict[str, list[dict[str, str]]]
_OF_SCHOOLS = {
    "sis_id": "Sis_id",
    "state_id": "State_id",
    "nces_id": "Nces_id",
    "mdr_number": "Mdr_number",
    "low_grade": "Low_grade",
    "high_grade": "High_grade",
    "principal": "Principal",
    "location": "Location",
    "phone": "School_phone",
}
_OF_DISTRICTS = {"sis_type": "Sis_type", "mdr_number": "Mdr_number", "launch_date": "Launch_date"}
_OF_SECTIONS = {"sis_id": "Sis_id"}
_SUMMER = 7
"""From August on, a day belongs to the school year that ends in the next one."""


@dataclass(slots=True)
class Sections:
    """Makes classes of sections, and what they need that Clever does not always have: a term, a course.

    ``terms``: those with both days. ``today`` tells which school year a class without a term is in.
    """

    district: str
    today: date
    terms: set[str] = field(default_factory=set)

    def rows(self, section: Row) -> Rows:
        """A class, its enrollments, and a course or school year that had to be made for it."""
        key, school = text_of(section.get("id")), text_of(section.get("school"))
        term, course = text_of(section.get("term_id")), text_of(section.get("course"))
        made: Rows = {}
        if term not in self.terms:
            year = school_year(self.today)
            term = joined_id("made", "year", str(year))
            made["academicSessions"] = [_year(term, year)]
        if not course:
            course = joined_id("made", "course", key)
            title = text_of(section.get("subject")) or text_of(section.get("name")) or key
            made["courses"] = [{"sourcedId": course, "title": title, "orgSourcedId": school or self.district}]
        grade = text_of(section.get("grade"))
        a_class = {
            "sourcedId": key,
            "title": text_of(section.get("name")) or text_of(section.get("section_number")) or key,
            "grades": (read_grade(grade).text or "") if grade else "",
            "courseSourcedId": course,
            "classCode": text_of(section.get("section_number")),
            "classType": "homeroom" if text_of(section.get("subject")).startswith("homeroom") else "scheduled",
            "schoolSourcedId": school,
            "termSourcedIds": term,
            "subjects": text_of(section.get("subject")).replace(",", ""),
            "periods": text_of(section.get("period")),
        } | kept(section, _OF_SECTIONS)
        return {**made, "classes": [a_class], "enrollments": list(_members(section, key, school))}


def _members(section: Row, key: str, school: str) -> Iterator[dict[str, str]]:
    main = text_of(section.get("teacher"))
    teachers = dict.fromkeys(filter(None, (main, *(text_of(one) for one in items_of(section.get("teachers"))))))
    students = dict.fromkeys(filter(None, (text_of(one) for one in items_of(section.get("students")))))
    for role, people in (("teacher", teachers), ("student", students)):
        for person in people:
            yield {
                "sourcedId": joined_id(key, person, role),
                "classSourcedId": key,
                "schoolSourcedId": school,
                "userSourcedId": person,
                "role": role,
                "primary": "" if role == "student" else "true" if person == main else "false",
            }


def district_row(district: Row) -> dict[str, str]:
    """The organization above the schools."""
    return {
        "sourcedId": text_of(district.get("id")),
        "name": text_of(district.get("name")),
        "type": "district",
        "identifier": text_of(district.get("nces_id")),
    } | kept(district, _OF_DISTRICTS)


def school_row(school: Row, district: str) -> dict[str, str]:
    """A school; people know it by its number."""
    return {
        "sourcedId": text_of(school.get("id")),
        "name": text_of(school.get("name")),
        "type": "school",
        "identifier": text_of(school.get("school_number")),
        "parentSourcedId": district,
    } | kept(school, _OF_SCHOOLS)


def term_row(term: Row) -> dict[str, str]:
    """A term. Clever's last day is one of it; ours is the first one after."""
    begins, ends = _day(term.get("start_date")), _day(term.get("end_date"))
    if begins is None or ends is None:
        return {}
    return {
        "sourcedId": text_of(term.get("id")),
        "title": text_of(term.get("name")) or begins.isoformat(),
        "type": "term",
        "startDate": begins.isoformat(),
        "endDate": (ends + timedelta(days=1)).isoformat(),
        "schoolYear": str(school_year(ends)),
    }


def course_row(course: Row, district: str) -> dict[str, str]:
    """A course, which belongs to the district."""
    number = text_of(course.get("number"))
    return {
        "sourcedId": text_of(course.get("id")),
        "title": text_of(course.get("name")) or number,
        "courseCode": number,
        "orgSourcedId": district,
    }


def school_year(day: date) -> int:
    """The calendar year in which the school year of a day ends."""
    return day.year + (1 if day.month > _SUMMER else 0)


def _year(key: str, year: int) -> dict[str, str]:
    title = f"{year - 1}-{year % 100:02d}"
    days = {"startDate": f"{year - 1}-08-01", "endDate": f"{year}-08-01"}
    return {"sourcedId": key, "title": title, "type": "schoolYear", "schoolYear": str(year)} | days


def _day(said: object) -> date | None:
    try:
        return date.fromisoformat(day_of(said))
    except ValueError:
        return None
