"""Adding a connection to an identity provider, and changing it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.roster.queries.schools import list_school_names
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.domain.signon.access import access_connection
from firstbell.domain.signon.actions import NotSo, add_connection, change_connection
from firstbell.domain.signon.models import Connection
from firstbell.domain.signon.presets import PRESETS, Preset
from firstbell.domain.signon.queries import is_offered
from firstbell.domain.signon.talking import forget_what_was_said
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.signon.forms import TermsForm, initial_of
from firstbell.web.sources.connection_forms import ValuesForm
from firstbell.web.visit import Visit, inside


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def add(visit: Visit) -> HttpResponseBase:
    """Choose a provider; then its form."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    if not is_offered(visit.district):
        return redirect(visit.url("sign_ons"))
    posted = visit.request.method == "POST"
    preset = PRESETS.get((visit.request.POST if posted else visit.request.GET).get("preset", ""))
    if preset is None:
        context = {"presets": PRESETS.values(), "crumbs": _crumbs(visit)}
        return show(visit, "signon/presets.html", context, room="sign_ons")
    values, terms = _forms(visit, preset, None)
    if posted and values.is_valid() and terms.is_valid():
        try:
            made = add_connection(visit.district, preset, values.values(), terms.terms(), by=visit.viewer.actor)
        except NotSo as problem:
            terms.add_error(None, str(problem))
        else:
            messages.success(
                visit.request, "It is saved, and off. Register its address with the provider, then test it."
            )
            return redirect(visit.url("sign_on_show", made.pk))
    return _show_forms(visit, preset, values, terms, _crumbs(visit))


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def change(visit: Visit, connection_id: int) -> HttpResponseBase:
    """Change what was entered. A blank secret stays as it is."""
    connection = access_connection(visit.viewer, visit.district, connection_id)
    preset = PRESETS[connection.preset]
    values, terms = _forms(visit, preset, connection)
    if visit.request.method == "POST" and values.is_valid() and terms.is_valid():
        try:
            change_connection(visit.district, connection, values.values(), terms.terms(), by=visit.viewer.actor)
        except NotSo as problem:
            terms.add_error(None, str(problem))
        else:
            forget_what_was_said(connection)
            messages.success(visit.request, "It is changed. Test it again.")
            return redirect(visit.url("sign_on_show", connection.pk))
    crumbs = [*_crumbs(visit), Crumb(connection.name, visit.url("sign_on_show", connection.pk))]
    return _show_forms(visit, preset, values, terms, crumbs)


def _forms(visit: Visit, preset: Preset, connection: Connection | None) -> tuple[ValuesForm, TermsForm]:
    data = visit.request.POST if visit.request.method == "POST" else None
    begins: dict[str, object] = {"name": preset.name, "key": preset.key, "claim": preset.claim}
    terms = TermsForm(
        data,
        initial=initial_of(connection) if connection else begins,
        schools=list_school_names(visit.district, WHOLE_DISTRICT),
    )
    return ValuesForm(preset, data, connection=connection), terms


def _show_forms(
    visit: Visit, preset: Preset, values: ValuesForm, terms: TermsForm, crumbs: list[Crumb]
) -> HttpResponse:
    context = {"preset": preset, "values": values, "terms": terms, "crumbs": crumbs}
    posted = visit.request.method == "POST"
    return show(visit, "signon/values.html", context, room="sign_ons", status=422 if posted else 200)


def _crumbs(visit: Visit) -> list[Crumb]:
    return [Crumb("Sign-in", visit.url("sign_ons"))]
