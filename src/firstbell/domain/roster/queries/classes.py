"""Classes in lists, one class, and who is in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import BigIntegerField, Count, F, Func, Q, QuerySet, TextField

from firstbell.domain.accounts.queries import who_can_sign_in
from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import AcademicSession, Class, Enrollment, TallyOf, User
from firstbell.domain.roster.queries.keyset import Piece, Place, take
from firstbell.domain.roster.queries.people import NAMES, in_order_of_grades
from firstbell.domain.roster.queries.readiness import Lacking, classes_lacking
from firstbell.domain.roster.queries.schools import Counted, count_by_org, name_orgs
from firstbell.domain.roster.queries.scope import Scope, classes_in
from firstbell.domain.roster.queries.searching import begins_with
from firstbell.domain.roster.queries.tallies import find_tallies, find_tally
from firstbell.domain.roster.queries.words import has_word

ORDERS = {
    "title": ("title_key", "id"),
    "code": ("class_code_key", "title_key", "id"),
}
"""By what classes can be sorted. Each begins with a column that has an index."""
SEARCHED = ("title_key", "class_code_key")
STUDENT, TEACHER = "student", "teacher"
MOST_MEMBERS = 1000
"""So many members of one class are shown; no real class has more."""


@dataclass(frozen=True, slots=True)
class ClassFilter:
    """Which classes: by the beginning of title, code or a teacher's name, by school and term (row ids), and grade.

    ``lacking``: only those without a teacher, or without students.
    """

    words: str = ""
    school: int | None = None
    term: int | None = None
    grade: str | None = None
    removed: bool = False
    sort: str = "title"
    lacking: Lacking | None = None


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One class in a list. Teachers are names, the main one first."""

    id: int
    title: str
    code: str
    school: str
    terms: tuple[str, ...]
    periods: tuple[str, ...]
    location: str
    grades: tuple[str, ...]
    teachers: tuple[str, ...]
    students: int


@dataclass(frozen=True, slots=True)
class Member:
    """One person in a class."""

    enrollment_id: int
    person_id: int
    family_name: str
    given_name: str
    identifier: str
    username: str
    grades: tuple[str, ...]
    role: str
    is_main: bool
    begin_date: date | None
    end_date: date | None
    can_sign_in: bool


def list_classes(
    district: District, scope: Scope, wanted: ClassFilter, place: Place, *, limit: int = 50
) -> Piece[ClassLine]:
    """A piece of the classes wanted, in the order wanted."""
    everything = classes_in(district, scope, removed=wanted.removed)
    piece = take(_filtered(district, scope, wanted), ORDERS[wanted.sort], place, limit, landmarks=everything)
    return piece.each(lambda classes: class_lines(district, classes))


def list_class_ids(district: District, scope: Scope, wanted: ClassFilter, *, limit: int) -> list[int]:
    """The row ids of the classes wanted, in the order of the list."""
    found = _filtered(district, scope, wanted).order_by(*ORDERS[wanted.sort])
    return list(found.values_list("id", flat=True)[:limit])


def count_classes(district: District, scope: Scope, wanted: ClassFilter, *, most: int | None = None) -> int:
    """How many classes are wanted; where they are more than ``most``, one more than that."""
    if not (wanted.removed or wanted.lacking or wanted.words.split()):
        school, term, grade = wanted.school, str(wanted.term or ""), wanted.grade or ""
        kept = find_tally(district, scope, TallyOf.CLASSES, school=school, second=term, grade=grade)
        if kept is not None:
            return kept
    found = _filtered(district, scope, wanted)
    return (found if most is None else found[: most + 1]).count()


def count_classes_by_school(district: District, scope: Scope, wanted: ClassFilter) -> list[Counted]:
    """Schools with the number of their classes in the term and grade wanted."""
    if not wanted.removed:
        term, grade = str(wanted.term or ""), wanted.grade or ""
        kept = find_tallies(district, scope, TallyOf.CLASSES, "school_id", second=term, grade=grade)
        if kept is not None:
            return count_by_org(district, ((int(school), count) for school, count in kept.items()))
    classes = _in_grade(_in_term(classes_in(district, scope, removed=wanted.removed), wanted.term), wanted.grade)
    return count_by_org(district, classes.values_list("school_id").annotate(count=Count("id")))


def count_classes_by_term(district: District, scope: Scope, wanted: ClassFilter) -> list[Counted]:
    """Terms with the number of classes that the school wanted holds in them for the grade, the earliest first."""
    counted = _count_by_term(district, scope, wanted)
    terms = AcademicSession.objects.filter(district_id=district.pk, id__in=counted)
    return [
        Counted(str(term.id), term.title or term.sourced_id, counted[term.id])
        for term in terms.order_by("start_date", "end_date", "id")
    ]


def _count_by_term(district: District, scope: Scope, wanted: ClassFilter) -> dict[int, int]:
    if not wanted.removed:
        school, grade = wanted.school, wanted.grade or ""
        kept = find_tallies(district, scope, TallyOf.CLASSES, "second", school=school, grade=grade)
        if kept is not None:
            return {int(term): count for term, count in kept.items()}
    classes = _in_grade(_in_school(classes_in(district, scope, removed=wanted.removed), wanted.school), wanted.grade)
    unnested = Func(F("term_ids"), function="unnest", output_field=BigIntegerField())
    return dict(classes.annotate(term=unnested).values_list("term").annotate(count=Count("id")))


def count_classes_by_grade(district: District, scope: Scope, wanted: ClassFilter) -> list[Counted]:
    """Grades with the number of classes for them in the school and term wanted."""
    if not wanted.removed:
        school, term = wanted.school, str(wanted.term or "")
        kept = find_tallies(district, scope, TallyOf.CLASSES, "grade", school=school, second=term)
        if kept is not None:
            return [Counted(grade, grade, kept[grade]) for grade in in_order_of_grades(kept)]
    classes = _in_term(_in_school(classes_in(district, scope, removed=wanted.removed), wanted.school), wanted.term)
    unnested = Func(F("grades"), function="unnest", output_field=TextField())
    counted = dict(classes.annotate(grade=unnested).values_list("grade").annotate(count=Count("id")))
    return [Counted(grade, grade, counted[grade]) for grade in in_order_of_grades(counted)]


def find_class(district: District, class_id: int) -> Class | None:
    """The class with this row id, removed or not."""
    return Class.objects.filter(district_id=district.pk, id=class_id).first()


def class_lines(district: District, classes: Sequence[Class]) -> list[ClassLine]:
    """Classes as lists show them: four questions for all, whatever their number."""
    ids = [group.id for group in classes]
    schools = name_orgs(district, (group.school_id for group in classes))
    terms = name_terms(district, (term for group in classes for term in group.term_ids or ()))
    teachers = _teachers(district, ids)
    students = dict(
        _present(district).filter(class_id__in=ids, role=STUDENT).values_list("class_id").annotate(n=Count("id"))
    )
    return [
        ClassLine(
            id=group.id,
            title=group.title or group.sourced_id,
            code=group.class_code or "",
            school=schools.get(group.school_id or 0, ""),
            terms=tuple(terms[term] for term in group.term_ids or () if term in terms),
            periods=tuple(group.periods or ()),
            location=group.location or "",
            grades=tuple(group.grades or ()),
            teachers=tuple(teachers.get(group.id, ())),
            students=students.get(group.id, 0),
        )
        for group in classes
    ]


def list_members(district: District, class_id: int) -> list[Member]:
    """Who is in a class: teachers first, each group by name."""
    places = list(_present(district).filter(class_id=class_id).order_by("id")[:MOST_MEMBERS])
    ids = [place.user_id or 0 for place in places]
    people = {person.id: person for person in User.objects.filter(district_id=district.pk, id__in=ids, removed_at=None)}
    with_account = who_can_sign_in(district, ids)
    members = [
        _member(place, people[place.user_id], can_sign_in=place.user_id in with_account)
        for place in places
        if place.user_id in people
    ]
    keys = {person.id: (person.family_name_key, person.given_name_key, person.id) for person in people.values()}
    return sorted(members, key=lambda member: (member.role == STUDENT, not member.is_main, keys[member.person_id]))


def name_terms(district: District, term_ids: Iterable[int]) -> dict[int, str]:
    """The titles of academic sessions by row id, the earliest first."""
    wanted = set(term_ids)
    if not wanted:
        return {}
    terms = AcademicSession.objects.filter(district_id=district.pk, id__in=wanted).order_by("start_date", "id")
    return {term.id: term.title or term.sourced_id for term in terms}


def _present(district: District) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(district_id=district.pk, removed_at=None)


def _member(place: Enrollment, person: User, *, can_sign_in: bool) -> Member:
    return Member(
        enrollment_id=place.id,
        person_id=person.id,
        family_name=person.family_name or "",
        given_name=person.preferred_given_name or person.given_name or "",
        identifier=person.identifier or person.sourced_id,
        username=person.username or "",
        grades=tuple(person.grades or ()),
        role=place.role or "",
        is_main=place.primary is True,
        begin_date=place.begin_date,
        end_date=place.end_date,
        can_sign_in=can_sign_in,
    )


def _teachers(district: District, class_ids: list[int]) -> dict[int, list[str]]:
    places = (
        _present(district)
        .filter(class_id__in=class_ids, role=TEACHER)
        .order_by(F("primary").desc(nulls_last=True), "id")
    )
    taught = list(places.values_list("class_id", "user_id"))
    people = User.objects.filter(district_id=district.pk, id__in={user_id for _, user_id in taught}, removed_at=None)
    names = {person.id: f"{person.given_name or ''} {person.family_name or ''}".strip() for person in people}
    teachers: dict[int, list[str]] = {}
    for class_id, user_id in taught:
        if user_id in names:
            teachers.setdefault(class_id or 0, []).append(names[user_id])
    return teachers


def _filtered(district: District, scope: Scope, wanted: ClassFilter) -> QuerySet[Class]:
    classes = classes_in(district, scope, removed=wanted.removed)
    classes = _in_grade(_in_term(_in_school(classes, wanted.school), wanted.term), wanted.grade)
    if wanted.lacking and not wanted.removed:
        classes = classes.filter(id__in=classes_lacking(district, scope, wanted.lacking).values("id"))
    if not wanted.words.split():
        return classes
    people = User.objects.filter(district_id=district.pk, removed_at=None)
    by_word = partial(has_word, district, "users")
    named = people.filter(begins_with(NAMES, wanted.words, names=NAMES, also=by_word)).values("id")
    taught = _present(district).filter(role=TEACHER, user_id__in=named).values("class_id")
    titled = begins_with(SEARCHED, wanted.words, also=partial(has_word, district, "classes"))
    return classes.filter(titled | Q(id__in=taught))


def _in_school(classes: QuerySet[Class], school: int | None) -> QuerySet[Class]:
    return classes if school is None else classes.filter(school_id=school)


def _in_term(classes: QuerySet[Class], term: int | None) -> QuerySet[Class]:
    return classes if term is None else classes.filter(term_ids__contains=[term])


def _in_grade(classes: QuerySet[Class], grade: str | None) -> QuerySet[Class]:
    return classes.filter(grades__contains=[grade]) if grade else classes
