"""The Sign-in room: connections to identity providers, whom each would let in, on and off."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.districts.models import Method
from firstbell.domain.districts.rules import give_grace
from firstbell.domain.roster.queries.person import name_people
from firstbell.domain.roster.queries.schools import name_orgs
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.domain.signon.access import access_connection
from firstbell.domain.signon.actions import NotSo, remove_connection, switch_off, switch_on
from firstbell.domain.signon.assertions import read_identity
from firstbell.domain.signon.matching import Left, forecast
from firstbell.domain.signon.models import Connection
from firstbell.domain.signon.passwords import let_passwords_in
from firstbell.domain.signon.presets import METADATA, METADATA_URL, PRESETS, Protocol
from firstbell.domain.signon.queries import is_offered, list_connections, list_sign_ins
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.signon.coming import take_tested
from firstbell.web.signon.forms import GraceForm
from firstbell.web.signon.log_views import lines_of
from firstbell.web.signon.openid import back_url
from firstbell.web.signon.saml import ours
from firstbell.web.visit import Visit, inside

SOON: Final = timedelta(days=30)
FEW: Final = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One connection in the list."""

    name: str
    provider: str
    serves: str
    url: str
    is_on: bool
    warning: str


@dataclass(frozen=True, slots=True)
class LeftLine:
    """Some who would not be let in, with a few of them to look at."""

    left: Left
    people: tuple[tuple[str, str], ...]
    """Name and address of each."""


@require_safe
@inside
def show_connections(visit: Visit) -> HttpResponse:
    """All connections, and why there can be none where there can be none."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    initial = {"days": visit.district.student_grace_days, "only": visit.district.sign_on_only}
    return _show_all(visit, GraceForm(initial=initial))


@require_POST
@inside
def change_grace(visit: Visit) -> HttpResponseBase:
    """Set the days of grace, and which ways in there are."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    form = GraceForm(visit.request.POST)
    if not form.is_valid():
        return _show_all(visit, form)
    by = visit.viewer.actor
    try:
        let_passwords_in(visit.district, allowed=not form.cleaned_data["only"], by=by)
    except NotSo as problem:
        form.add_error("only", str(problem))
        return _show_all(visit, form)
    give_grace(visit.district, days=form.cleaned_data["days"], by=by)
    messages.success(visit.request, "The rules of single sign-on are set.")
    return redirect(visit.url("sign_ons"))


@require_safe
@inside
def show_connection(visit: Visit, connection_id: int) -> HttpResponse:
    """One connection: whom it would let in, what the provider has to know, its last sign-ins."""
    connection = access_connection(visit.viewer, visit.district, connection_id)
    coming = forecast(visit.district, connection)
    names = name_people(visit.district, WHOLE_DISTRICT, [person for left in coming.left for person in left.examples])
    context = {
        "connection": connection,
        "preset": PRESETS[connection.preset],
        "crumbs": [Crumb("Sign-in", visit.url("sign_ons"))],
        "is_offered": is_offered(visit.district),
        "warning": _warning(connection, visit.today),
        "coming": coming,
        "left": [_left_line(visit, left, names) for left in coming.left],
        "schools": sorted(name_orgs(visit.district, connection.school_ids).values()),
        "is_saml": PRESETS[connection.preset].protocol == Protocol.SAML,
        "known": _what_it_has_to_know(visit, connection),
        "door_url": visit.request.build_absolute_uri(reverse("web:student_door", args=[visit.district.code])),
        "go_url": visit.request.build_absolute_uri(reverse("web:sign_on", args=[visit.district.code, connection.pk])),
        "lines": lines_of(visit, list_sign_ins(visit.district, connection_id=connection.pk)[:FEW]),
        "log_url": f"{visit.url('sign_on_log')}?connection={connection.pk}",
        "urls": {
            what: visit.url(f"sign_on_{what}", connection.pk) for what in ("values", "test", "on", "off", "remove")
        },
    }
    return show(visit, "signon/connection.html", context, room="sign_ons")


@require_safe
@inside
def show_tested(visit: Visit, connection_id: int) -> HttpResponseBase:
    """What a test sign-in found: shown once, to who made it."""
    connection = access_connection(visit.viewer, visit.district, connection_id)
    tested = take_tested(visit.request, connection)
    if tested is None:
        return redirect(visit.url("sign_on_show", connection.pk))
    person_id = tested.get("person_id")
    context = {
        "connection": connection,
        "tested": tested,
        "name": name_people(visit.district, WHOLE_DISTRICT, [person_id]).get(person_id, "") if person_id else "",
        "person_url": visit.url("person", person_id) if person_id else "",
        "crumbs": [
            Crumb("Sign-in", visit.url("sign_ons")),
            Crumb(connection.name, visit.url("sign_on_show", connection.pk)),
        ],
        "urls": {what: visit.url(f"sign_on_{what}", connection.pk) for what in ("values", "test", "show")},
    }
    response = show(visit, "signon/tested.html", context, room="sign_ons")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@inside
def turn_on(visit: Visit, connection_id: int) -> HttpResponse:
    """People sign in by it from now on."""
    connection = access_connection(visit.viewer, visit.district, connection_id)
    try:
        switch_on(visit.district, connection, by=visit.viewer.actor)
    except NotSo as problem:
        messages.error(visit.request, str(problem))
    else:
        messages.success(visit.request, f"People can sign in with {connection.name} now.")
    return redirect(visit.url("sign_on_show", connection.pk))


@require_POST
@inside
def turn_off(visit: Visit, connection_id: int) -> HttpResponse:
    """Nobody signs in by it any more."""
    connection = access_connection(visit.viewer, visit.district, connection_id)
    switch_off(visit.district, connection, by=visit.viewer.actor)
    messages.success(visit.request, f"Nobody signs in with {connection.name} any more.")
    return redirect(visit.url("sign_on_show", connection.pk))


@require_POST
@inside
def remove(visit: Visit, connection_id: int) -> HttpResponse:
    """Forget the connection."""
    connection = access_connection(visit.viewer, visit.district, connection_id)
    remove_connection(visit.district, connection, by=visit.viewer.actor)
    messages.success(visit.request, f"{connection.name} is removed. Nobody’s account changed by it.")
    return redirect(visit.url("sign_ons"))


def _show_all(visit: Visit, form: GraceForm) -> HttpResponse:
    connections = list_connections(visit.district)
    context = {
        "connections": [_line(visit, connection) for connection in connections],
        "is_offered": is_offered(visit.district),
        "is_practice": visit.district.is_practice,
        "method": str(Method(visit.district.method).label),
        "form": form,
        "add_url": visit.url("sign_on_add"),
        "grace_url": visit.url("sign_on_grace"),
        "log_url": visit.url("sign_on_log"),
        "method_url": visit.url("method"),
        "rules_url": visit.url("sign_in_rules"),
        "door_url": visit.request.build_absolute_uri(reverse("web:student_door", args=[visit.district.code])),
    }
    return show(visit, "signon/list.html", context, room="sign_ons", status=422 if form.errors else 200)


def _line(visit: Visit, connection: Connection) -> Line:
    return Line(
        name=connection.name,
        provider=PRESETS[connection.preset].name,
        serves=connection.get_serves_display(),
        url=visit.url("sign_on_show", connection.pk),
        is_on=connection.is_on and is_offered(visit.district),
        warning=_warning(connection, visit.today),
    )


def _what_it_has_to_know(visit: Visit, connection: Connection) -> list[tuple[str, str]]:
    if PRESETS[connection.preset].protocol == Protocol.OPENID:
        door = visit.request.build_absolute_uri(reverse("web:student_door", args=[visit.district.code]))
        return [
            ("Redirect URI", back_url(visit.request, visit.district, connection)),
            ("Address after signing out (post-logout redirect URI), if it asks for one", door),
        ]
    us = ours(visit.request, visit.district, connection)
    return [
        ("Our metadata, for the provider", us.entity_id),
        ("Entity ID", us.entity_id),
        ("Assertion consumer service (ACS)", us.answers_to),
        ("Single logout service, if it has one", us.left_to),
    ]


def _warning(connection: Connection, today: date) -> str:
    return _of_certificate(connection, today) or _of_secret(connection, today)


def _of_certificate(connection: Connection, today: date) -> str:
    """Of metadata that somebody entered; what is published renews itself."""
    entered = str(connection.settings.get(METADATA, ""))
    if not entered or connection.settings.get(METADATA_URL):
        return ""
    ends = read_identity(entered).ends_at.date()
    if ends > today + SOON:
        return ""
    when = "ended" if ends < today else "ends"
    return (
        f"The provider’s certificate {when} on {ends:%-d %B %Y}. Enter its new metadata; two certificates may overlap."
    )


def _of_secret(connection: Connection, today: date) -> str:
    ends = connection.secret_ends_on
    if ends is None or ends > today + SOON:
        return ""
    if ends < today:
        return f"Its client secret ended on {ends:%-d %B}. Make a new one at the provider, and enter it here."
    return f"Its client secret ends on {ends:%-d %B}. Make a new one at the provider, and enter it here before."


def _left_line(visit: Visit, left: Left, names: dict[int, str]) -> LeftLine:
    people = tuple((names.get(person, "Somebody"), visit.url("person", person)) for person in left.examples)
    return LeftLine(left, people)
