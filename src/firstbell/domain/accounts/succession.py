"""A district whose administrator is gone gets another: asked from outside, made sure of by two people of the vendor,
told to the administrators that there are, and held open for objections before anybody is invited.
"""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from firstbell.domain.accounts.inviting import CannotInvite, Invited, invite
from firstbell.domain.accounts.mail import sends_mail
from firstbell.domain.accounts.models import Role, StaffMembership, Succession, SuccessionState
from firstbell.domain.accounts.queueing import announce_later, tell_later
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

MOST_OPEN: Final = 5
"""So many may wait for one district; more are not taken."""
SHORTEST_HOW: Final = 20
S = SuccessionState


class NotNow(Exception):
    """Somebody was faster, or it is not time; the text says which, for people."""


class TooManyWait(Exception):
    """As many wait for this district already as anybody will look at."""


class BadWords(ValueError):
    """What was written does not do; the text says why, for people."""


def ask_to_succeed(district: District, person_name: str, email: str, reason: str) -> Succession:
    """Write down who asks, of whom nothing is known yet. Twice the same is once. Raises TooManyWait."""
    email = email.strip().lower()
    with within(district):
        District.objects.select_for_update().get(pk=district.pk)
        waiting = Succession.objects.filter(district=district, state__in=(S.ASKED, S.CHECKED, S.ANNOUNCED))
        same = waiting.filter(email=email).first()
        if same is not None:
            return same
        if waiting.count() >= MOST_OPEN:
            raise TooManyWait
        asked = Succession.objects.create(
            district=district, person_name=person_name.strip(), email=email, reason=reason.strip()
        )
        _note(asked, "succession.asked", SYSTEM)
    return asked


def make_sure(succession: Succession, staff: StaffMembership, how: str, *, by: Actor) -> Succession:
    """Write down how somebody of the vendor made sure who asks.

    The first waits for a second person; with the second, the administrators are told and can object. Raises NotNow and
    BadWords.
    """
    _ensure_said(how)
    with within(succession.district):
        current = _claim(succession, S.ASKED, S.CHECKED)
        if current.state == S.ASKED:
            current.first_account_id, current.first_by, current.first_how = staff.account_id, by.name, how.strip()
            current.state = S.CHECKED
            current.save()
            _note(current, "succession.checked", by, how=current.first_how)
            return current
        if current.first_account_id == staff.account_id:
            raise NotNow("You made sure of it already. Somebody else has to do it a second time.")
        current.second_by, current.second_how = by.name, how.strip()
        current.state = S.ANNOUNCED
        current.due_at = timezone.now() + timedelta(days=settings.FIRSTBELL_OBJECTION_DAYS)
        current.save()
        _note(current, "succession.announced", by, how=current.second_how, until=_day(current))
        announce_later(current)
    return current


def refuse_succession(succession: Succession, why: str, *, by: Actor) -> Succession:
    """Nothing comes of it, and who asked is told why. Raises NotNow and BadWords."""
    if not why.strip():
        raise BadWords("Say why: who asked reads it.")
    return _end(succession, S.REFUSED, why, by=by)


def object_to(succession: Succession, why: str, *, by: Actor) -> Succession:
    """An administrator of the district says no; who that may is for the caller to know. Raises NotNow."""
    return _end(succession, S.OBJECTED, why, by=by)


def invite_successor(succession: Succession, *, by: Actor = SYSTEM) -> Invited | None:
    """Invite who asked once the days are over; None where they are administrator meanwhile. Raises NotNow."""
    with within(succession.district):
        current = _claim(succession, S.ANNOUNCED)
        if current.due_at is None or current.due_at > timezone.now():
            raise NotNow("The administrators of the district can still object.")
        current.state = S.INVITED
        current.save(update_fields=["state"])
        try:
            invited = invite(
                current.district, current.email, current.person_name, Role.DISTRICT_ADMINISTRATOR, by=_inviting(by)
            )
        except CannotInvite:
            invited = None
        _note(current, "succession.invited", by)
    return invited


def find_succession(succession_id: int) -> Succession | None:
    """One of any district."""
    return Succession.objects.select_related("district").filter(pk=succession_id).first()


def find_succession_of(district: District, succession_id: int) -> Succession | None:
    """One of a district."""
    return Succession.objects.select_related("district").filter(district=district, pk=succession_id).first()


def list_waiting(*, limit: int = 100) -> list[Succession]:
    """Those of all districts of which something can still come, the oldest first."""
    waiting = Succession.objects.filter(state__in=(S.ASKED, S.CHECKED, S.ANNOUNCED))
    return list(waiting.select_related("district").order_by("id")[:limit])


def list_successions(district: District, *, limit: int = 50) -> list[Succession]:
    """Those of a district, the newest first, also what came to nothing."""
    found = Succession.objects.filter(district=district).select_related("district").order_by("-id")
    return list(found[:limit])


def list_due() -> list[Succession]:
    """Those whose days are over."""
    due = Succession.objects.filter(state=S.ANNOUNCED, due_at__lte=timezone.now())
    return list(due.select_related("district").order_by("id"))


def invites_by_itself() -> bool:
    """Whether a worker invites when the days are over: where there is no mail, staff hand the link over."""
    return sends_mail()


@transaction.atomic
def _end(succession: Succession, state: SuccessionState, why: str, *, by: Actor) -> Succession:
    with within(succession.district):
        current = _claim(succession, S.ASKED, S.CHECKED, S.ANNOUNCED)
        current.state, current.ended_by, current.ended_why = state, by.name, why.strip()[:500]
        current.save()
        _note(current, f"succession.{state.value}", by, why=current.ended_why)
        tell_later(current)
    return current


def _claim(succession: Succession, *states: SuccessionState) -> Succession:
    current = Succession.objects.select_for_update(of=("self",)).select_related("district").get(pk=succession.pk)
    if current.state not in states:
        raise NotNow(f"It stands at “{SuccessionState(current.state).label}” already.")
    return current


def _ensure_said(how: str) -> None:
    if len(how.strip()) < SHORTEST_HOW:
        raise BadWords("Say in a sentence how you made sure: whom you spoke to, and where you found the number.")


def _inviting(by: Actor) -> Actor:
    """Invitations name who invites; a worker does it in the vendor's name."""
    return Actor(by.kind, by.id, "Firstbell") if by.kind == "system" else by


def _day(succession: Succession) -> str:
    return succession.due_at.isoformat(timespec="seconds") if succession.due_at else ""


def _note(succession: Succession, verb: str, by: Actor, **detail: object) -> None:
    """In the district's audit. The name of who asks is what it is about."""
    told = {"name": succession.person_name, **detail}
    record(succession.district_id, verb, by=by, subject_kind="succession", subject_id=succession.pk, detail=told)
