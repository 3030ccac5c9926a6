"""Who asks to become administrator, as the district sees it: who made sure and how, and the way to object."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.accounts.access import NoSuchMember, ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.succession import (
    NotNow,
    find_succession_of,
    list_successions,
    object_to,
)
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside


@require_safe
@inside
def show_successions(visit: Visit) -> HttpResponse:
    """All of them, the newest first."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    found = list_successions(visit.district)
    context = {
        "successions": [(one, visit.url("succession_object", one.pk) if one.is_open else "") for one in found],
        "crumbs": [Crumb("Members", visit.url("members"))],
    }
    return show(visit, "succession/of_district.html", context, room="members")


@require_POST
@inside
def object_here(visit: Visit, succession_id: int) -> HttpResponse:
    """Say no: nobody is invited."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    found = find_succession_of(visit.district, succession_id)
    if found is None:
        raise NoSuchMember(succession_id)
    try:
        object_to(found, visit.request.POST.get("why", ""), by=visit.viewer.actor)
        messages.success(visit.request, f"{found.person_name} is not invited. Firstbell sees that you objected.")
    except NotNow as late:
        messages.info(visit.request, str(late))
    return redirect(visit.url("successions"))
