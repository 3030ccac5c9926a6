"""How a school or district begins: it asks for a space, somebody verifies that it is who it says, and its first
administrator is invited.
"""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from firstbell.domain.accounts.inviting import Invited, invite
from firstbell.domain.accounts.mail import sends_mail
from firstbell.domain.accounts.models import Role, SpaceRequest, SpaceState
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.districts.actions import LONGEST_CODE, add_district
from firstbell.domain.districts.models import District, Method
from firstbell.domain.districts.queries import find_district

MOST_AT_ONCE = 20
"""So many may wait for one address; more are not taken."""


class AnsweredAlready(Exception):
    """Somebody has opened or refused it meanwhile."""


class TooManyAsked(Exception):
    """This address waits for many answers already."""


def opens_at_once() -> bool:
    """Whether nobody looks first. The letter that invites proves the address then, so it takes a mail server."""
    return bool(settings.FIRSTBELL_SPACES == "at_once" and sends_mail())


def takes_requests() -> bool:
    """Whether anybody may ask."""
    return bool(settings.FIRSTBELL_SPACES != "closed")


@transaction.atomic
def ask_for_space(
    name: str,
    person_name: str,
    email: str,
    *,
    time_zone: str,
    nces_number: str = "",
    is_one_school: bool = False,
    grades: Sequence[str] = (),
) -> SpaceRequest:
    """Write a request down. Raises TooManyAsked."""
    email = email.strip().lower()
    if SpaceRequest.objects.filter(email=email, state=SpaceState.ASKED).count() >= MOST_AT_ONCE:
        raise TooManyAsked
    asked = SpaceRequest.objects.create(
        name=name.strip(),
        person_name=person_name.strip(),
        email=email,
        time_zone=time_zone,
        nces_number=nces_number,
        is_one_school=is_one_school,
        grades=list(grades),
    )
    _note(asked, "space.asked", SYSTEM)
    return asked


@transaction.atomic
def open_space(request: SpaceRequest, *, by: Actor) -> Invited:
    """Make the district, and invite who asked as its first administrator. Raises AnsweredAlready, BadDistrict."""
    asked = _claim(request)
    district = add_district(_free_code(asked), asked.name, by=by, method=Method.SELF_MANAGED, time_zone=asked.time_zone)
    asked.state, asked.answered_by, asked.district = SpaceState.OPENED, by.name, district
    asked.save(update_fields=["state", "answered_by", "district"])
    _note(asked, "space.opened", by)
    return invite(district, asked.email, asked.person_name, Role.DISTRICT_ADMINISTRATOR, by=by)


@transaction.atomic
def refuse_space(request: SpaceRequest, *, by: Actor) -> None:
    """Nobody gets this space. Raises AnsweredAlready."""
    asked = _claim(request)
    asked.state, asked.answered_by = SpaceState.REFUSED, by.name
    asked.save(update_fields=["state", "answered_by"])
    _note(asked, "space.refused", by)


def find_request(request_id: int) -> SpaceRequest | None:
    """A request that waits or was answered."""
    return SpaceRequest.objects.filter(pk=request_id).first()


def list_requests(*, limit: int = 100) -> list[SpaceRequest]:
    """Those that wait, the oldest first."""
    return list(SpaceRequest.objects.filter(state=SpaceState.ASKED).order_by("id")[:limit])


def _claim(request: SpaceRequest) -> SpaceRequest:
    asked = SpaceRequest.objects.select_for_update().get(pk=request.pk)
    if asked.state != SpaceState.ASKED:
        raise AnsweredAlready
    return asked


def _free_code(asked: SpaceRequest) -> str:
    """A site code like the name; a number follows where another district has it."""
    base = slugify(asked.name.replace("_", " "))[: LONGEST_CODE - 8].strip("-") or "school"
    number, code = 1, base
    while find_district(code) is not None:
        number += 1
        code = f"{base}-{number}"
    return code


def district_of(invited: Invited) -> District:
    """The district that an opened space is."""
    return invited.invitation.district


def _note(asked: SpaceRequest, verb: str, by: Actor) -> None:
    record(None, verb, by=by, subject_kind="space", subject_id=asked.pk, detail={"name": asked.name})
