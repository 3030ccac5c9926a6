"""Districts as vendor staff find them, and visits to them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstbell.domain.accounts.models import Account, StaffMembership, StaffRole
from firstbell.domain.accounts.second_factor import SecondFactorMissing, ensure_staff_has_second_factor
from firstbell.domain.accounts.spaces import list_requests
from firstbell.domain.accounts.staff import SHORTEST_REASON, NotLetIn, begin_visit, end_visits
from firstbell.domain.accounts.visits import find_staff, find_visit
from firstbell.domain.advice.access import NoSuchRequest, wanted_by
from firstbell.domain.advice.queries import list_request_lines
from firstbell.domain.assisted.access import NoSuchCase, is_at_desk
from firstbell.domain.assisted.queries import count_queue
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.models import District, Method
from firstbell.domain.districts.queries import find_district, search_districts
from firstbell.web.refusals import refuse
from firstbell.web.visit import to_second_step
from firstbell.web.words import count_in_words

MOST = 100


@dataclass(frozen=True, slots=True)
class DistrictLine:
    """One district in the list."""

    name: str
    code: str
    method: str
    url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits in the queue of cases."""

    title: str
    detail: str


class ReasonForm(forms.Form):
    """Why somebody looks."""

    reason = forms.CharField(
        label="Why do you look?",
        min_length=SHORTEST_REASON,
        max_length=500,
        help_text="The district reads it, with your name and role. A case’s number helps.",
    )


def for_staff[**P](
    page: Callable[Concatenate[HttpRequest, StaffMembership, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Make a view of a page of vendor staff; for everybody else it is not there."""

    @wraps(page)
    def view(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not isinstance(request.user, Account):
            return redirect_to_login(request.get_full_path())
        staff = find_staff(request.user)
        if staff is None:
            return refuse(request, NoSuchDistrict())
        request.user.staff = staff  # its pages offer what its role has
        try:
            ensure_staff_has_second_factor(request.user)
            return page(request, staff, *args, **kwargs)
        except SecondFactorMissing:
            return to_second_step(request)
        except (NoSuchDistrict, NoSuchCase, NoSuchRequest) as error:
            return refuse(request, error)

    return never_cache(view)


def home_of(staff: StaffMembership) -> str:
    """The page on which somebody of the vendor begins: what they look after, or all districts."""
    looks_after = staff.role in {StaffRole.CUSTOMER_SUCCESS, StaffRole.ACCOUNT_EXECUTIVE}
    return "web:portfolio" if looks_after else "web:staff"


@require_safe
@for_staff
def show_districts(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """All districts, by the beginning of their name or code."""
    words = request.GET.get("q", "")[:MOST]
    found = search_districts(words, limit=MOST)
    context = {
        "districts": [_line(district) for district in found],
        "is_cut": len(found) == MOST,
        "words": words,
        "role": StaffRole(staff.role).label,
        "is_at_desk": is_at_desk(staff),
        "queue": _queue(staff) if is_at_desk(staff) else None,
        "requests": len(list_request_lines(wanted_by(staff))),
        "spaces": len(list_requests()),
    }
    return render(request, "staff/districts.html", context)


def _queue(staff: StaffMembership) -> Waiting | None:
    """What waits for Technical Services; None where nothing does."""
    queue = count_queue(staff.account_id, now=timezone.now())
    if not queue.waiting:
        return None
    title = f"{count_in_words(queue.waiting, 'case waits', 'cases wait')} for Technical Services"
    return Waiting(title, f"{queue.mine:,} yours, {queue.unclaimed:,} nobody’s, {queue.late:,} late.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def visit(request: HttpRequest, staff: StaffMembership, code: str) -> HttpResponse:
    """Begin a visit, or go on with one."""
    district = _district(code)
    if request.method != "POST" and find_visit(staff.account, code):
        return redirect("web:home", code)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            begin_visit(district, staff, form.cleaned_data["reason"], by=actor_of(staff))
        except NotLetIn as why:
            form.add_error(None, str(why))
        else:
            return redirect("web:home", code)
    context = {"district": district, "form": form, "role": StaffRole(staff.role).label}
    return render(request, "staff/visit.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_staff
def leave(request: HttpRequest, staff: StaffMembership, code: str) -> HttpResponse:
    """End one's own visit."""
    district = _district(code)
    end_visits(district, by=actor_of(staff), account=staff.account)
    messages.success(request, f"Your visit to {district.name} is over.")
    return redirect("web:staff")


def _district(code: str) -> District:
    district = find_district(code)
    if district is None:
        raise NoSuchDistrict(code)
    return district


def _line(district: District) -> DistrictLine:
    url = reverse("web:staff_visit", args=[district.code])
    return DistrictLine(district.name, district.code, Method(district.method).label, url)


def actor_of(staff: StaffMembership) -> Actor:
    """Staff as the audit names them: with their role, since a district does not know them."""
    name = f"{staff.account.name} ({StaffRole(staff.role).label})"
    return Actor("account", str(staff.account_id), name)
