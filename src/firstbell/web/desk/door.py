"""The door of the desk: for who of the vendor works on cases; for everybody else it is not there."""

from collections.abc import Callable
from typing import Concatenate

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.assisted.access import (
    NotYours,
    access_case_at_desk,
    access_desk,
    access_own_case_at_desk,
)
from firstbell.domain.assisted.models import Case
from firstbell.domain.assisted.states import NotNow
from firstbell.domain.assisted.thread import BadText
from firstbell.domain.districts.models import District
from firstbell.web.staff.views import for_staff

LATE = (NotNow, NotYours, BadText)


def at_desk[**P](
    page: Callable[Concatenate[HttpRequest, StaffMembership, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Make a view of a page of the desk."""

    def view(request: HttpRequest, staff: StaffMembership, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        access_desk(staff)
        return page(request, staff, *args, **kwargs)

    return for_staff(view)


def acting(
    act: Callable[[HttpRequest, StaffMembership, District, Case], str], *, own: bool = True
) -> Callable[..., HttpResponse]:
    """Make a view that does something with a case, tells what (or why not), and goes back to it.

    ``own``: only for who has the case.
    """

    def view(request: HttpRequest, staff: StaffMembership, code: str, case_id: int) -> HttpResponse:
        district, case = access_case_at_desk(staff, code, case_id)
        with timezone.override(district.time_zone):
            try:
                if own:
                    access_own_case_at_desk(staff, code, case_id)
                messages.success(request, act(request, staff, district, case))
            except LATE as late:
                messages.info(request, str(late))
        return redirect("web:desk_case", code, case_id)

    return at_desk(view)
