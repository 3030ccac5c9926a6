"""The endpoints of rostering: which lists there are, what each is a part of, and which scope opens it."""

from dataclasses import dataclass
from typing import Final

from firstbell.domain.sharing.oneroster import people
from firstbell.domain.sharing.oneroster.version import Scope


@dataclass(frozen=True, slots=True)
class Parent:
    """A record in the address that a list hangs on: its parameter there, and the collection in which it must be."""

    name: str
    collection: str


@dataclass(frozen=True, slots=True)
class Collection:
    """One list. ``condition`` chooses among the resource's rows; `%(school)s` and the like are the parents' row ids."""

    path: str
    table: str
    scope: Scope
    condition: str = ""
    parents: tuple[Parent, ...] = ()
    of_parent: str = ""
    """Where the address names two parents: that one hangs on the other."""

    @property
    def name(self) -> str:
        """As operations call it: ``schools/{school}/classes`` is schools-classes."""
        return "-".join(part for part in self.path.split("/") if "{" not in part)


SCHOOL, CLASS, COURSE, TERM = (
    Parent("school", "schools"),
    Parent("class", "classes"),
    Parent("course", "courses"),
    Parent("term", "terms"),
)
STUDENT, TEACHER, USER = Parent("user", "students"), Parent("user", "teachers"), Parent("user", "users")

_ROLE = (
    "exists (select 1 from roster_role o where o.district_id = %(district)s and o.user_id = r.id and o.role = '{role}'"
    " and (o.removed_at is null{gone}){where})"
)
_GONE = f" or not {people.IS_THERE}"
_ENROLLED = (
    "r.id in (select e.user_id from roster_enrollment e where e.district_id = %(district)s"
    " and e.class_id = %(class)s and e.role = '{role}' and e.removed_at is null)"
)
_CLASSES_OF = (
    "r.id in (select e.class_id from roster_enrollment e where e.district_id = %(district)s"
    " and e.user_id = %(user)s and e.removed_at is null{role})"
)
_STUDENT_IN = _CLASSES_OF.format(role=" and e.role = 'student'")
_TEACHER_IN = _CLASSES_OF.format(role=" and e.role = 'teacher'")
_HELD = (
    "r.id in (select unnest(c.term_ids) from roster_class c where c.district_id = %(district)s"
    " and c.school_id = %(school)s and c.removed_at is null)"
)
_TAUGHT = (
    "(r.org_id = %(school)s or r.id in (select c.course_id from roster_class c where c.district_id = %(district)s"
    " and c.school_id = %(school)s and c.removed_at is null))"
)
_CLASS_OF_SCHOOL = "r.school_id = %(school)s"


def _role(role: str, *, at_school: bool = False) -> str:
    where = " and o.org_id = %(school)s" if at_school else ""
    return _ROLE.format(role=role, gone="" if at_school else _GONE, where=where)


_CORE = (
    Collection("academicSessions", "academicSessions", Scope.CORE),
    Collection("terms", "academicSessions", Scope.CORE, "r.type = 'term'"),
    Collection("gradingPeriods", "academicSessions", Scope.CORE, "r.type = 'gradingPeriod'"),
    Collection("orgs", "orgs", Scope.CORE),
    Collection("schools", "orgs", Scope.CORE, "r.type = 'school'"),
    Collection("courses", "courses", Scope.CORE),
    Collection("classes", "classes", Scope.CORE),
    Collection("users", "users", Scope.CORE),
    Collection("students", "users", Scope.CORE, _role("student")),
    Collection("teachers", "users", Scope.CORE, _role("teacher")),
    Collection("enrollments", "enrollments", Scope.CORE),
    Collection("demographics", "demographics", Scope.DEMOGRAPHICS),
)
_RELATIONS = (
    Collection("schools/{school}/classes", "classes", Scope.ROSTER, _CLASS_OF_SCHOOL, (SCHOOL,)),
    Collection("schools/{school}/courses", "courses", Scope.ROSTER, _TAUGHT, (SCHOOL,)),
    Collection("schools/{school}/enrollments", "enrollments", Scope.ROSTER, "r.school_id = %(school)s", (SCHOOL,)),
    Collection("schools/{school}/students", "users", Scope.ROSTER, _role("student", at_school=True), (SCHOOL,)),
    Collection("schools/{school}/teachers", "users", Scope.ROSTER, _role("teacher", at_school=True), (SCHOOL,)),
    Collection("schools/{school}/terms", "academicSessions", Scope.ROSTER, f"r.type = 'term' and {_HELD}", (SCHOOL,)),
    Collection(
        "schools/{school}/classes/{class}/enrollments",
        "enrollments",
        Scope.ROSTER,
        "r.class_id = %(class)s",
        (SCHOOL, CLASS),
        _CLASS_OF_SCHOOL,
    ),
    Collection(
        "schools/{school}/classes/{class}/students",
        "users",
        Scope.ROSTER,
        _ENROLLED.format(role="student"),
        (SCHOOL, CLASS),
        _CLASS_OF_SCHOOL,
    ),
    Collection(
        "schools/{school}/classes/{class}/teachers",
        "users",
        Scope.ROSTER,
        _ENROLLED.format(role="teacher"),
        (SCHOOL, CLASS),
        _CLASS_OF_SCHOOL,
    ),
    Collection("classes/{class}/students", "users", Scope.ROSTER, _ENROLLED.format(role="student"), (CLASS,)),
    Collection("classes/{class}/teachers", "users", Scope.ROSTER, _ENROLLED.format(role="teacher"), (CLASS,)),
    Collection("courses/{course}/classes", "classes", Scope.ROSTER, "r.course_id = %(course)s", (COURSE,)),
    Collection("terms/{term}/classes", "classes", Scope.ROSTER, "r.term_ids @> array[%(term)s::bigint]", (TERM,)),
    Collection(
        "terms/{term}/gradingPeriods",
        "academicSessions",
        Scope.ROSTER,
        "r.type = 'gradingPeriod' and r.parent_id = %(term)s",
        (TERM,),
    ),
    Collection(
        "students/{user}/classes",
        "classes",
        Scope.ROSTER,
        _STUDENT_IN,
        (STUDENT,),
    ),
    Collection(
        "teachers/{user}/classes",
        "classes",
        Scope.ROSTER,
        _TEACHER_IN,
        (TEACHER,),
    ),
    Collection("users/{user}/classes", "classes", Scope.ROSTER, _CLASSES_OF.format(role=""), (USER,)),
)
COLLECTIONS: Final = {collection.path: collection for collection in (*_CORE, *_RELATIONS)}
"""By path. Each of the first twelve also gives one record by its sourcedId."""
