"""A student moves to another school: only someone who has both moves them."""

from django.db.models import QuerySet

from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.act import act
from firstbell.domain.roster.editing.editor import Editor, ensure_person, ensure_school
from firstbell.domain.roster.editing.ownership import ensure_unowned, locked_columns
from firstbell.domain.roster.editing.refusals import NotGood
from firstbell.domain.roster.editing.roles import add_role_row
from firstbell.domain.roster.editing.rows import checked, live_row
from firstbell.domain.roster.editing.values import texts_of
from firstbell.domain.roster.models import Enrollment, Role
from firstbell.engine.entry import Problem
from firstbell.engine.tables import USERS


def move_student(
    district: District, person_id: int, from_org: int, to_org: int, *, grade: str | None = None, by: Editor
) -> int:
    """End the student's role and places at one school and begin at another; tells how many classes they left.

    Raises NotAllowed, NotThere (a school that is not the editor's), NotGood and Refused (rows of a source).
    """
    for org_id in (from_org, to_org):
        ensure_school(by, org_id)
    if from_org == to_org:
        raise NotGood(Problem("to", "It is the same school. Choose another."))
    with act(district, "user.moved", "user", person_id, by=by) as doing:
        ensure_person(district, by, person_id)
        person = live_row(doing, "users", person_id)
        roles = list(_student_roles(district, person_id).filter(org_id=from_org))
        if not roles:
            raise NotGood(Problem("from", "The person is no student there any more."))
        places = list(_places(district, person_id, from_org))
        ensure_unowned(district, "roles", list(roles), "Move the student")
        ensure_unowned(district, "enrollments", list(places), "Move the student")
        doing.remove("enrollments", places)
        doing.remove("roles", roles)
        add_role_row(doing, person_id, {"role": "student", "orgSourcedId": str(to_org)})
        was = texts_of(USERS, person)
        wanted = {"primaryOrgSourcedId": str(to_org), "grades": grade or was["grades"]}
        locked = locked_columns(district, "users", person)
        given = {name: text for name, text in wanted.items() if name not in locked}
        checked(district, "users", {**was, **given})
        doing.update("users", person, given)
    return len(places)


def what_a_move_ends(district: District, person_id: int, from_org: int) -> list[Enrollment]:
    """The places in classes of a school that a student would leave."""
    return list(_places(district, person_id, from_org))


def schools_of_student(district: District, person_id: int) -> list[int]:
    """The schools where a person is a student."""
    return [org_id for org_id in _student_roles(district, person_id).values_list("org_id", flat=True) if org_id]


def _student_roles(district: District, person_id: int) -> QuerySet[Role]:
    return Role.objects.filter(district_id=district.pk, user_id=person_id, role="student", removed_at=None).order_by(
        "id"
    )


def _places(district: District, person_id: int, org_id: int) -> QuerySet[Enrollment]:
    return Enrollment.objects.filter(
        district_id=district.pk, user_id=person_id, school_id=org_id, removed_at=None, role="student"
    ).order_by("id")
