"""Vendor staff verify who asks, and open the space or refuse it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.accounts.models import SpaceRequest, StaffMembership
from firstbell.domain.accounts.spaces import (
    AnsweredAlready,
    district_of,
    find_request,
    list_requests,
    refuse_space,
)
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.web.accounts.inviting import Sent, send_invitation
from firstbell.web.spaces.opening import beginning_in_words, open_and_prepare
from firstbell.web.staff.views import actor_of, for_staff

ANSWERED = "Somebody has answered this already, so nothing more was done."


@require_safe
@for_staff
def show_requests(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """Those that wait, the oldest first."""
    return _show(request, None)


@require_POST
@for_staff
def open_one(request: HttpRequest, staff: StaffMembership, request_id: int) -> HttpResponse:
    """Make the district and invite its first administrator."""
    try:
        invited = open_and_prepare(_asked(request_id), by=actor_of(staff))
    except AnsweredAlready:
        messages.info(request, ANSWERED)
        return redirect("web:space_requests")
    district = district_of(invited)
    messages.success(request, f"{district.name} is open, with the site code {district.code}.")
    return _show(request, send_invitation(request, district, invited))


@require_POST
@for_staff
def refuse_one(request: HttpRequest, staff: StaffMembership, request_id: int) -> HttpResponse:
    """Nobody gets this space."""
    try:
        refuse_space(_asked(request_id), by=actor_of(staff))
        messages.success(request, "The request is refused.")
    except AnsweredAlready:
        messages.info(request, ANSWERED)
    return redirect("web:space_requests")


def _asked(request_id: int) -> SpaceRequest:
    found = find_request(request_id)
    if found is None:
        raise NoSuchDistrict(str(request_id))
    return found


def _show(request: HttpRequest, sent: Sent | None) -> HttpResponse:
    requests = [(asked, beginning_in_words(asked)) for asked in list_requests()]
    return render(request, "spaces/requests.html", {"requests": requests, "sent": sent})
