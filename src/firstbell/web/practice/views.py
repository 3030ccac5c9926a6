"""Beginning and ending a practice space. The work is in another district's wall, so it is done when this one's ends."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.audit.actions import record
from firstbell.domain.imports.practice import begin_practice, end_practice, practice_code
from firstbell.web.visit import Visit, inside


@require_POST
@inside
def begin(visit: Visit) -> HttpResponse:
    """Go into the practice space of the district, which is made where there is none."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    if visit.district.is_practice:
        return redirect(visit.url("home"))
    code, by = practice_code(visit.district), visit.viewer.actor
    place = visit.district.pk
    record(place, "practice.begun", by=by, subject_kind="district", subject_id=place, detail={"code": code})
    transaction.on_commit(partial(begin_practice, visit.district, visit.account, code=code, by=by))
    messages.success(visit.request, "This is your practice space. Nobody in it is real: try what you like.")
    return redirect("web:home", code)


@require_POST
@inside
def end(visit: Visit) -> HttpResponse:
    """Take the practice space away with all that is in it."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    transaction.on_commit(partial(end_practice, visit.district, by=visit.viewer.actor))
    messages.success(visit.request, "The practice space is gone, with everybody and everything in it.")
    return redirect(visit.url("guides"))
