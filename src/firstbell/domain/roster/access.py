"""Fetching what is on the roster for someone who must be allowed to. Not there and not yours are the same: NotThere.

District and IT administrators see all; principals and registrars the people and classes of their schools, which are
the organizations where their own person on the roster has a staff role; teachers and students their own classes.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from firstbell.domain.accounts.access import NotAllowed, ensure_may
from firstbell.domain.accounts.forgetting import IN_BY_THE_ROSTER
from firstbell.domain.accounts.models import Role as MembershipRole
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import AcademicSession, Class, Demographics, Enrollment, Org, Role, Source, User
from firstbell.domain.roster.queries.classes import STUDENT, TEACHER, ClassLine, Member, find_class, list_members
from firstbell.domain.roster.queries.merged import survivor_of, with_merged
from firstbell.domain.roster.queries.offices import OF_A_SCHOOL
from firstbell.domain.roster.queries.own_classes import list_own_classes, own_class_ids
from firstbell.domain.roster.queries.person import Person, find_demographics, find_person
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT, Scope, classes_in, people_in, roles_on
from firstbell.engine.vocabulary import STAFF_ROLES

__all__ = ["OF_A_SCHOOL", "NotThere", "Scope", "scope_of"]


class LeftTheRoster(NotAllowed):
    """The viewer's person is not on the roster any more. Restored, they are in again."""


class NotThere(Exception):
    """There is no such person, class or source, or not for this viewer."""


def access_source(viewer: Viewer, district: District, source_id: int) -> Source:
    """A source for someone who may set it. Raises NotAllowed, NotThere."""
    ensure_may(viewer, Permission.MANAGE_SOURCES)
    source = Source.objects.filter(district_id=district.pk, pk=source_id).first()
    if source is None:
        raise NotThere
    return source


def scope_of(district: District, viewer: Viewer, *, today: date) -> Scope:
    """Whose people and classes the viewer may see. Raises NotAllowed for who sees no more than own classes."""
    ensure_may(viewer, Permission.VIEW_ROSTER)
    if viewer.role not in OF_A_SCHOOL:
        return WHOLE_DISTRICT
    if viewer.person_id is None:
        return Scope(frozenset())
    roles = roles_on(district, today).filter(user_id=viewer.person_id, role__in=STAFF_ROLES)
    return Scope(frozenset(org_id for org_id in roles.values_list("org_id", flat=True) if org_id))


def ensure_on_roster(district: District, viewer: Viewer) -> None:
    """Raise LeftTheRoster for a teacher or student whose person was removed: what they sign in with opens nothing."""
    if viewer.role not in IN_BY_THE_ROSTER or viewer.person_id is None:
        return
    person = User.objects.filter(district_id=district.pk, id=viewer.person_id, removed_at__isnull=False).first()
    if person is not None and not is_here(district, person, now=timezone.now()):
        raise LeftTheRoster(viewer.person_id)


def is_here(district: District, person: User, *, now: datetime) -> bool:
    """Whether somebody is on the roster, or is a student who left it within the days of grace that the district gives.

    An SIS loses children for a night, and a class that cannot sign in waits for nobody.
    """
    if person.removed_at is None:
        return True
    if person.removed_at <= now - timedelta(days=district.student_grace_days):
        return False
    roles = Role.objects.filter(district_id=district.pk, user_id=person.id)
    return roles.filter(role=STUDENT).exists() and not roles.filter(role__in=STAFF_ROLES).exists()


def access_org(district: District, viewer: Viewer, org_id: int, *, today: date) -> Org:
    """An organization of the viewer's, removed or not. Raises NotThere and NotAllowed."""
    scope = scope_of(district, viewer, today=today)
    org = Org.objects.filter(district_id=district.pk, id=org_id).first()
    if org is None or (scope.schools is not None and org_id not in scope.schools):
        raise NotThere(org_id)
    return org


def access_term(district: District, viewer: Viewer, term_id: int) -> AcademicSession:
    """An academic session, removed or not: they are everyone's who sees the roster. Raises NotThere and NotAllowed."""
    ensure_may(viewer, Permission.VIEW_ROSTER)
    term = AcademicSession.objects.filter(district_id=district.pk, id=term_id).first()
    if term is None:
        raise NotThere(term_id)
    return term


def access_person(district: District, viewer: Viewer, person_id: int, *, today: date) -> Person:
    """A person, removed or not; by a row that was merged into theirs too. Raises NotThere and NotAllowed."""
    scope = scope_of(district, viewer, today=today)
    person_id = survivor_of(district, person_id)
    if not _is_in(district, scope, person_id):
        raise NotThere(person_id)
    person = find_person(district, person_id)
    if person is None:
        raise NotThere(person_id)
    return person


def access_demographics(district: District, viewer: Viewer, person_id: int, *, today: date) -> Demographics | None:
    """What the family reported of a person whom the viewer may see; None where nothing is known.

    Raises NotThere and NotAllowed.
    """
    ensure_may(viewer, Permission.VIEW_DEMOGRAPHICS)
    if not _is_in(district, scope_of(district, viewer, today=today), person_id):
        raise NotThere(person_id)
    return find_demographics(district, person_id)


def access_row_of_person(district: District, viewer: Viewer, person_id: int, row_id: int, *, today: date) -> str:
    """The table ("roles" or "enrollments") of a row that hangs on a person whom the viewer may see. Raises NotThere."""
    if not _is_in(district, scope_of(district, viewer, today=today), person_id):
        raise NotThere(person_id)
    for name, model in (("enrollments", Enrollment), ("roles", Role)):
        if model.objects.filter(district_id=district.pk, id=row_id, user_id=person_id).exists():
            return name
    raise NotThere(row_id)


@dataclass(frozen=True, slots=True)
class HangingRows:
    """A person or a class with the rows that hang on them, removed ones too. Row ids by table.

    ``nameless`` are those rows whose other end (a person) the viewer may not see.
    """

    rows: dict[str, list[int]]
    nameless: frozenset[int] = frozenset()


def access_rows_of_person(district: District, viewer: Viewer, person_id: int, *, today: date) -> HangingRows:
    """A person's rows: with demographics only for who may see those. Raises NotThere and NotAllowed."""
    if not _is_in(district, scope_of(district, viewer, today=today), person_id):
        raise NotThere(person_id)
    own = with_merged(district, [person_id])
    rows = {"users": own}
    for name, model in (("roles", Role), ("enrollments", Enrollment)):
        hanging = model.objects.filter(district_id=district.pk, user_id__in=own)
        rows[name] = list(hanging.values_list("id", flat=True))
    if viewer.may(Permission.VIEW_DEMOGRAPHICS):
        rows["demographics"] = own
    return HangingRows(rows)


def access_rows_of_class(district: District, viewer: Viewer, class_id: int, *, today: date) -> HangingRows:
    """A class's rows, for who may see the roster. Raises NotThere and NotAllowed."""
    scope = scope_of(district, viewer, today=today)
    access_class(district, viewer, class_id, today=today)
    places = Enrollment.objects.filter(district_id=district.pk, class_id=class_id)
    people = {place: person or 0 for place, person in places.values_list("id", "user_id")}
    rows = {"classes": [class_id], "enrollments": list(people)}
    if scope.schools is None:
        return HangingRows(rows)
    seen = {
        person
        for removed in (False, True)
        for person in people_in(district, scope, removed=removed)
        .filter(id__in=people.values())
        .values_list("id", flat=True)
    }
    return HangingRows(rows, frozenset(place for place, person in people.items() if person not in seen))


def access_class(district: District, viewer: Viewer, class_id: int, *, today: date) -> Class:
    """A class: of the viewer's schools (removed or not), or one of their own. Raises NotThere."""
    found = find_class(district, class_id)
    if found is None or not _may_see_class(district, viewer, found, today=today):
        raise NotThere(class_id)
    return found


def access_members(district: District, viewer: Viewer, class_id: int, *, today: date) -> list[Member]:
    """Who is in a class; a student sees the teachers only. Raises NotThere."""
    access_class(district, viewer, class_id, today=today)
    members = list_members(district, class_id)
    if viewer.may(Permission.VIEW_ROSTER) or viewer.role is MembershipRole.TEACHER:
        return members
    return [member for member in members if member.role == TEACHER]


def access_own_classes(district: District, viewer: Viewer, *, today: date) -> list[ClassLine]:
    """The viewer's own classes, as a teacher or as a student. Raises NotAllowed."""
    ensure_may(viewer, Permission.VIEW_OWN_CLASSES)
    if viewer.person_id is None:
        return []
    return list_own_classes(district, viewer.person_id, _own_role(viewer), today=today)


def _own_role(viewer: Viewer) -> str:
    return STUDENT if viewer.role is MembershipRole.STUDENT else TEACHER


def _is_in(district: District, scope: Scope, person_id: int) -> bool:
    people = (people_in(district, scope, removed=removed).filter(id=person_id) for removed in (False, True))
    return any(found.exists() for found in people)


def _may_see_class(district: District, viewer: Viewer, found: Class, *, today: date) -> bool:
    if viewer.may(Permission.VIEW_ROSTER):
        scope = scope_of(district, viewer, today=today)
        seen = (classes_in(district, scope, removed=removed).filter(id=found.id) for removed in (False, True))
        return any(classes.exists() for classes in seen)
    ensure_may(viewer, Permission.VIEW_OWN_CLASSES)
    if viewer.person_id is None or found.removed_at is not None:
        return False
    return found.id in own_class_ids(district, viewer.person_id, _own_role(viewer), today=today)
