"""The log of sign-ins through identity providers: who came in, who did not, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.roster.queries.person import name_people
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.domain.signon.access import access_refused
from firstbell.domain.signon.actions import allow_another
from firstbell.domain.signon.models import Outcome, SignIn
from firstbell.domain.signon.queries import list_connections, list_sign_ins
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside

TONES = {Outcome.IN: "good", Outcome.REFUSED: "bad", Outcome.FAILED: "wait"}


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One sign-in."""

    sign_in: SignIn
    tone: str
    name: str
    person_url: str
    allow_url: str
    """Where the person is let come with another log-in; blank where that was not the matter."""


@require_safe
@inside
def show_log(visit: Visit) -> HttpResponse:
    """The newest sign-ins, of all connections or of one; only those that came to nothing, where asked."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    wanted, refused = visit.request.GET.get("connection", ""), "refused" in visit.request.GET
    connections = list_connections(visit.district)
    chosen = next((one for one in connections if str(one.pk) == wanted), None)
    found = list_sign_ins(visit.district, connection_id=chosen.pk if chosen else None, refused=refused)
    context = {
        "lines": lines_of(visit, found),
        "connections": connections,
        "chosen": chosen,
        "refused": refused,
        "path": visit.url("sign_on_log"),
        "crumbs": [Crumb("Sign-in", visit.url("sign_ons"))],
    }
    return show(visit, "signon/log.html", context, room="sign_ons")


@require_POST
@inside
def allow(visit: Visit, sign_in_id: int) -> HttpResponse:
    """Let a person come with another log-in of the provider than until now."""
    sign_in = access_refused(visit.viewer, visit.district, sign_in_id)
    allow_another(visit.district, sign_in, by=visit.viewer.actor)
    messages.success(visit.request, "With their next sign-in, the log-in that they come with is theirs.")
    return redirect(visit.url("sign_on_log"))


def lines_of(visit: Visit, sign_ins: Sequence[SignIn]) -> list[SignInLine]:
    """Sign-ins as a page shows them."""
    names = name_people(
        visit.district, WHOLE_DISTRICT, [one.person_id for one in sign_ins if one.person_id is not None]
    )
    return [_line(visit, one, names) for one in sign_ins]


def _line(visit: Visit, one: SignIn, names: dict[int, str]) -> SignInLine:
    return SignInLine(
        one,
        TONES[Outcome(one.outcome)],
        names.get(one.person_id or 0, ""),
        visit.url("person", one.person_id) if one.person_id in names else "",
        visit.url("sign_on_allow", one.pk) if one.another_subject and one.person_id else "",
    )
