"""Who may be given a card: students, of one class, of one school, or some of those whom the viewer sees."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.issuing import Bearer
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.roster.access import NotThere, access_class, scope_of
from firstbell.domain.roster.models import Enrollment, Role, User
from firstbell.domain.roster.queries.scope import people_in

STUDENT = "student"
ORDER = ("family_name_key", "given_name_key", "id")


def access_bearers_of_class(district: District, viewer: Viewer, class_id: int, *, today: date) -> list[Bearer]:
    """The students of a class, also for its teacher. Raises NotAllowed, NotThere."""
    ensure_may_hand_out(viewer, own_class=True)
    access_class(district, viewer, class_id, today=today)
    places = Enrollment.objects.filter(
        Q(end_date=None) | Q(end_date__gt=today),
        district_id=district.pk,
        class_id=class_id,
        role=STUDENT,
        removed_at=None,
    )
    return _bearers(_students(district).filter(id__in=places.values("user_id")))


def access_bearers_of_school(district: District, viewer: Viewer, org_id: int, *, today: date) -> list[Bearer]:
    """The students of a school. Raises NotAllowed, NotThere."""
    ensure_may_hand_out(viewer)
    scope = scope_of(district, viewer, today=today)
    if scope.schools is not None and org_id not in scope.schools:
        raise NotThere(org_id)
    return _bearers(_students(district).filter(id__in=_with_role(district).filter(org_id=org_id).values("user_id")))


def access_bearers(district: District, viewer: Viewer, person_ids: Sequence[int], *, today: date) -> list[Bearer]:
    """Those of these people who are students whom the viewer sees. Raises NotAllowed, and NotThere where none is."""
    ensure_may_hand_out(viewer)
    seen = people_in(district, scope_of(district, viewer, today=today)).filter(id__in=person_ids)
    found = _bearers(_students(district).filter(id__in=seen.values("id")))
    if person_ids and not found:
        raise NotThere
    return found


def ensure_may_hand_out(viewer: Viewer, *, own_class: bool = False) -> None:
    """Raise NotAllowed for who gives nobody a card."""
    enough = {Permission.SET_CREDENTIALS, *({Permission.SET_OWN_CREDENTIALS} if own_class else ())}
    if not enough & viewer.permissions:
        raise NotAllowed(Permission.SET_CREDENTIALS)


def _students(district: District) -> QuerySet[User]:
    """A member of staff who is somebody's student too gets no card: it would open what they may do."""
    staff = Role.objects.filter(district_id=district.pk, removed_at=None).exclude(role=STUDENT).values("user_id")
    return User.objects.filter(
        district_id=district.pk, removed_at=None, id__in=_with_role(district).values("user_id")
    ).exclude(id__in=staff)


def _with_role(district: District) -> QuerySet[Role]:
    return Role.objects.filter(district_id=district.pk, role=STUDENT, removed_at=None)


def _bearers(students: QuerySet[User]) -> list[Bearer]:
    return [
        Bearer(
            user_id=student.id,
            name=" ".join(filter(None, (student.preferred_given_name or student.given_name, student.family_name))),
            username=student.username or "",
            proposed=proposed_username(student.given_name or "", student.family_name or ""),
            grades=tuple(student.grades or ()),
        )
        for student in students.order_by(*ORDER)
    ]


def proposed_username(given_name: str, family_name: str) -> str:
    """``Zoë O'Neil`` may be ``zoneil``: a letter of the first name and the last name, in plain letters."""
    plain = [_plain(name) for name in (given_name, family_name)]
    return f"{plain[0][:1]}{plain[1]}"[:30] or "student"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", letters.encode("ascii", "ignore").decode())
