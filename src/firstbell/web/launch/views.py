"""How a program is opened: its addresses, its secret (once), and the end of it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.launch.actions import BadLaunch, NewLaunch, end_launch, give_new_secret, let_open
from firstbell.domain.launch.models import Launch
from firstbell.domain.launch.queries import find_launch
from firstbell.domain.sharing.access import NoSuchClient, find_client
from firstbell.domain.sharing.models import ApiClient
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.launch.adapter import issuer_of
from firstbell.web.launch.forms import WayForm
from firstbell.web.visit import Visit, inside


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def set_up(visit: Visit, client_id: int) -> HttpResponseBase:
    """The form; after the first time with the secret on the answer, and never again."""
    program = find_client(visit.viewer, client_id)
    launch = find_launch(program)
    posted = visit.request.method == "POST"
    form = WayForm(visit.request.POST if posted else None, initial=_filled(launch))
    if posted and form.is_valid():
        try:
            made = let_open(program, form.way(), by=visit.viewer.actor)
        except BadLaunch as problem:
            form.add_error(None, str(problem))
        else:
            if made.secret:
                return _show(visit, program, made.launch, WayForm(initial=_filled(made.launch)), made)
            messages.success(visit.request, "It is saved, and holds from the next click on.")
            return redirect(visit.url("program_launch", program.pk))
    return _show(visit, program, launch, form, None)


@require_POST
@inside
def renew(visit: Visit, client_id: int) -> HttpResponseBase:
    """Another secret, on the answer and never again."""
    program, launch = _launch(visit, client_id)
    made = give_new_secret(launch, by=visit.viewer.actor)
    return _show(visit, program, launch, WayForm(initial=_filled(launch)), made)


@require_POST
@inside
def end(visit: Visit, client_id: int) -> HttpResponse:
    """No tile any more."""
    program, launch = _launch(visit, client_id)
    end_launch(launch, by=visit.viewer.actor)
    messages.success(visit.request, f"{program.name} is on nobody’s page any more.")
    return redirect(visit.url("program_launch", program.pk))


def _launch(visit: Visit, client_id: int) -> tuple[ApiClient, Launch]:
    program = find_client(visit.viewer, client_id)
    launch = find_launch(program)
    if launch is None:
        raise NoSuchClient(client_id)
    return program, launch


def _filled(launch: Launch | None) -> dict[str, object]:
    if launch is None:
        return {}
    lines = "\n".join(launch.redirect_uris)
    return {"start_url": launch.start_url, "redirect_uris": lines, "serves": launch.serves}


def _show(
    visit: Visit, program: ApiClient, launch: Launch | None, form: WayForm, made: NewLaunch | None
) -> HttpResponse:
    context = {
        "program": program,
        "title": f"Opening {program.name}",
        "launch": launch,
        "form": form,
        "made": made if made and made.secret else None,
        "issuer": issuer_of(visit.request, visit.district),
        "crumbs": (
            Crumb("Programs", visit.url("programs")),
            Crumb(program.name, visit.url("program_grant", program.pk)),
        ),
        "renew_url": visit.url("program_launch_secret", program.pk),
        "end_url": visit.url("program_launch_end", program.pk),
    }
    status = 422 if form.is_bound and form.errors else 200
    response = show(visit, "launch/set_up.html", context, room="programs", status=status)
    response["Cache-Control"] = "no-store"
    return response
