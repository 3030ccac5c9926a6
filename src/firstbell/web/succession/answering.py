"""Vendor staff make sure who asks for an administrator's place: two of them, and each says how."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.accounts.models import Account, StaffMembership, Succession, SuccessionState
from firstbell.domain.accounts.queries import list_administrators
from firstbell.domain.accounts.succession import (
    BadWords,
    NotNow,
    find_succession,
    invite_successor,
    list_waiting,
    make_sure,
    refuse_succession,
)
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.web.accounts.inviting import Sent, send_invitation
from firstbell.web.staff.views import actor_of, for_staff


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One that waits: the administrators that the district has, and what whoever looks can do."""

    succession: Succession
    administrators: list[Account]
    can_make_sure: bool
    is_second: bool
    is_due: bool


@require_safe
@for_staff
def show_waiting(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """Those that wait, the oldest first."""
    return _show(request, staff, None)


@require_POST
@for_staff
def make_one_sure(request: HttpRequest, staff: StaffMembership, succession_id: int) -> HttpResponse:
    """Write down how one made sure."""
    how = request.POST.get("how", "")
    return _done(request, lambda: _made_sure(make_sure(_asked(succession_id), staff, how, by=actor_of(staff))))


@require_POST
@for_staff
def refuse_one(request: HttpRequest, staff: StaffMembership, succession_id: int) -> HttpResponse:
    """Nothing comes of it."""

    def act() -> str:
        refuse_succession(_asked(succession_id), request.POST.get("why", ""), by=actor_of(staff))
        return "The request is refused."

    return _done(request, act)


@require_POST
@for_staff
def invite_one(request: HttpRequest, staff: StaffMembership, succession_id: int) -> HttpResponse:
    """Invite who asked, where the days are over: the link is shown where no letter goes."""
    asked = _asked(succession_id)
    try:
        invited = invite_successor(asked, by=actor_of(staff))
    except NotNow as late:
        messages.info(request, str(late))
        return redirect("web:succession_requests")
    if invited is None:
        messages.info(request, f"{asked.person_name} is administrator there already.")
        return redirect("web:succession_requests")
    return _show(request, staff, send_invitation(request, asked.district, invited))


def _made_sure(succession: Succession) -> str:
    if succession.state == SuccessionState.CHECKED:
        return "It is written down. A second person of Firstbell has the next step."
    return f"The administrators of {succession.district.name} are told, and can object."


def _done(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    try:
        messages.success(request, act())
    except NotNow as late:
        messages.info(request, str(late))
    except BadWords as problem:
        messages.error(request, str(problem))
    return redirect("web:succession_requests")


def _asked(succession_id: int) -> Succession:
    found = find_succession(succession_id)
    if found is None:
        raise NoSuchDistrict(str(succession_id))
    return found


def _show(request: HttpRequest, staff: StaffMembership, sent: Sent | None) -> HttpResponse:
    waiting = [_line(one, staff) for one in list_waiting()]
    return render(request, "succession/waiting.html", {"waiting": waiting, "sent": sent})


def _line(one: Succession, staff: StaffMembership) -> WaitingLine:
    is_second = one.state == SuccessionState.CHECKED
    return WaitingLine(
        one,
        list_administrators(one.district),
        can_make_sure=one.state == SuccessionState.ASKED or (is_second and one.first_account_id != staff.account_id),
        is_second=is_second,
        is_due=one.state == SuccessionState.ANNOUNCED and one.due_at is not None and one.due_at <= timezone.now(),
    )
