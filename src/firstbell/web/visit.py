"""A visit: who looks, in which district, inside its wall. Every page of a district is a view of a visit."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, wraps
from typing import Concatenate

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.models import Account, Membership, StaffVisit
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.queries import list_memberships
from firstbell.domain.accounts.second_factor import (
    SecondFactorMissing,
    ensure_second_factor,
    ensure_staff_has_second_factor,
)
from firstbell.domain.accounts.viewer import SESSION_KEY, Viewer, view_as
from firstbell.domain.accounts.visits import find_visit, view_on_visit
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.districts.wall import only_reading, within
from firstbell.domain.roster.access import Scope, ensure_on_roster, scope_of
from firstbell.domain.signon.queries import list_offered
from firstbell.web.refusals import REFUSALS, refuse

LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Visit:
    """One request by one viewer in one district."""

    request: HttpRequest
    viewer: Viewer
    district: District
    account: Account
    can_change: bool = False
    """Whether the account has other memberships to change to."""
    staff_visit: StaffVisit | None = None
    """The visit of vendor staff, who only look."""

    @cached_property
    def scope(self) -> Scope:
        """Whose people and classes the viewer may see. Raises NotAllowed."""
        return scope_of(self.district, self.viewer, today=self.today)

    @property
    def today(self) -> date:
        """The district's date."""
        return timezone.localdate()

    @property
    def is_partial(self) -> bool:
        """Whether htmx asks for a part of the page (and not for the whole of it, on the way back)."""
        return self.request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in (
            self.request.headers
        )

    def may_change(self, permission: Permission) -> bool:
        """Whether the viewer may do what changes something: who only looks is offered no button for it."""
        return self.viewer.may(permission) and not self.viewer.is_read_only

    def url(self, name: str, *parts: object) -> str:
        """The address of a page of this district: ``visit.url("person", 4711)``."""
        return reverse(f"web:{name}", args=[self.district.code, *parts])


def inside[**P](page: Callable[Concatenate[Visit, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Make a view (request, district's code, ...) of a page (visit, ...).

    The page runs as someone who is signed in, inside the district's wall and in its time zone; domain errors become
    the answers of ``refusals``. What it wrote is taken back where it raises.
    """

    @wraps(page)
    def view(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, Account):
            return _to_sign_in(request, code)
        try:
            visit = _find_visit(request, request.user, code)
            if visit is None:
                return redirect("web:choose")
            with timezone.override(visit.district.time_zone), within(visit.district):
                ensure_on_roster(visit.district, visit.viewer)
                if visit.viewer.is_read_only:
                    _only_look(visit)
                response = page(visit, *args, **kwargs)
        except SecondFactorMissing:
            return to_second_step(request)
        except tuple(REFUSALS) as error:
            response = refuse(request, error)
        add_never_cache_headers(response)
        return response

    return view


def _to_sign_in(request: HttpRequest, code: str) -> HttpResponse:
    """A part of a page says only that its reader is out; a page leads to the door and back.

    That is the district's own where people come in by single sign-on.
    """
    if "HX-Request" in request.headers:
        return HttpResponse(status=401)
    district = find_district(code)
    if district is not None and list_offered(district):
        return redirect_to_login(request.get_full_path(), reverse("web:student_door", args=[district.code]))
    return redirect_to_login(request.get_full_path())


def to_second_step(request: HttpRequest) -> HttpResponse:
    """Where somebody goes who has no second step and needs one."""
    messages.warning(request, "Your role needs a second step for signing in. Set one up to go on.")
    return redirect("mfa_index")


def _find_visit(request: HttpRequest, account: Account, code: str) -> Visit | None:
    """The visit, or None where somebody with several roles here has to choose. Raises NoSuchDistrict."""
    memberships = list_memberships(account)
    here = [membership for membership in memberships if membership.district.code == code]
    if not here:
        return _find_staff_visit(request, account, code)
    membership = _chosen(here, request.session.get(SESSION_KEY))
    if membership is None:
        return None
    ensure_second_factor(membership)
    return Visit(request, view_as(membership), membership.district, account, can_change=len(memberships) > 1)


def _find_staff_visit(request: HttpRequest, account: Account, code: str) -> Visit:
    """The visit of vendor staff. Raises NoSuchDistrict where they are on none, and SecondFactorMissing."""
    found = find_visit(account, code)
    if found is None:
        raise NoSuchDistrict(code)
    ensure_staff_has_second_factor(account)
    district, staff_visit = found
    return Visit(request, view_on_visit(staff_visit), district, account, staff_visit=staff_visit)


def _only_look(visit: Visit) -> None:
    """Raise NotAllowed for what would change something; the database holds a page that does so all the same."""
    if visit.request.method not in LOOKING:
        raise NotAllowed("read only")
    only_reading()


def _chosen(memberships: list[Membership], chosen: int | None) -> Membership | None:
    if len(memberships) == 1:
        return memberships[0]
    return next((membership for membership in memberships if membership.pk == chosen), None)
