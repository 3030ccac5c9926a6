"""Visits of vendor staff, as the district sees them: who looks and why, and the way to end it."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.models import StaffRole, StaffVisit
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.staff import end_visits
from firstbell.domain.accounts.visits import list_visits
from firstbell.domain.districts.rules import let_staff_in
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit."""

    name: str
    role: str
    reason: str
    begun_at: datetime
    ends_at: datetime
    is_on: bool
    ended_by: str


@require_safe
@inside
def show_visits(visit: Visit) -> HttpResponse:
    """The visits, the newest first."""
    ensure_may(visit.viewer, Permission.VIEW_AUDIT)
    lines = [_line(one) for one in list_visits(visit.district)]
    context = {
        "visits": lines,
        "is_on": any(line.is_on for line in lines),
        "lets_in": visit.district.lets_staff_in,
        "may_change": visit.may_change(Permission.MANAGE_MEMBERSHIPS),
        "crumbs": [Crumb("Members", visit.url("members"))],
        "end_url": visit.url("staff_visits_end"),
        "let_in_url": visit.url("staff_let_in"),
    }
    return show(visit, "accounts/visits.html", context, room="members")


@require_POST
@inside
def end_all(visit: Visit) -> HttpResponse:
    """End what goes on."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    end_visits(visit.district, by=visit.viewer.actor)
    messages.success(visit.request, "Nobody of Firstbell looks at your district any more.")
    return redirect(visit.url("staff_visits"))


@require_POST
@inside
def let_in(visit: Visit) -> HttpResponse:
    """Let staff in, or refuse them, which ends their visits too."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    allowed = visit.request.POST.get("allowed") == "yes"
    let_staff_in(visit.district, allowed=allowed, by=visit.viewer.actor)
    if not allowed:
        end_visits(visit.district, by=visit.viewer.actor)
    said = "Staff of Firstbell may look again, with a reason." if allowed else "Staff of Firstbell are not let in."
    messages.success(visit.request, said)
    return redirect(visit.url("staff_visits"))


def _line(one: StaffVisit) -> VisitLine:
    is_on = one.ends_at > timezone.now()
    return VisitLine(one.name, StaffRole(one.role).label, one.reason, one.begun_at, one.ends_at, is_on, one.ended_by)
