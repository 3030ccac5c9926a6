"""SAML 2.0 by django-allauth's state and python3-saml's cryptography, fed from a district's connection.

The answer comes as a form from elsewhere, to which a browser adds no cookie of ours; so it is put down for a moment,
and the browser is sent on to where it has its session.
"""

import secrets
from typing import Any, Final

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import Provider
from allauth.socialaccount.sessions import LoginSession
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.signon.assertions import LONGEST, Ours, ask, ask_to_leave, check_response, describe_us
from firstbell.domain.signon.models import Connection
from firstbell.domain.signon.presets import PRESETS, Protocol
from firstbell.domain.signon.queries import find_connection
from firstbell.domain.signon.talking import Unhelpful, identity_of
from firstbell.domain.signon.tokens import BadToken
from firstbell.web.refusals import refuse
from firstbell.web.signon.coming import answer, answer_to_failure, not_in
from firstbell.web.signon.failing import WentWrong

ATTRIBUTE, COOKIE = "signon_saml", "signon-saml"
RESPONSE, RELAY_STATE = "SAMLResponse", "RelayState"
LONGEST_STATE: Final = 80


class SamlProvider(Provider):  # type: ignore[misc] # allauth carries no types
    """A connection, as allauth keeps the state of its ways. Its id carries the district."""

    id = "saml"
    name = "SAML"

    def __init__(self, request: HttpRequest, district: District, connection: Connection) -> None:
        app = SocialApp(provider=self.id, provider_id=f"{district.pk}.{connection.pk}", name=connection.name)
        super().__init__(request, app=app)


def ours(request: HttpRequest, district: District, connection: Connection) -> Ours:
    """What we are called at the provider."""
    at = [district.code, connection.pk]
    return Ours(
        entity_id=request.build_absolute_uri(reverse("web:sign_on_metadata", args=at)),
        answers_to=request.build_absolute_uri(reverse("web:sign_on_answer", args=at)),
        left_to=request.build_absolute_uri(reverse("web:sign_on_left", args=at)),
    )


def lead_there(
    request: HttpRequest, district: District, connection: Connection, *, next_url: str, is_test: bool
) -> HttpResponse:
    """Send somebody to the provider. Raises WentWrong where it is not known."""
    state_id = secrets.token_urlsafe(24)
    try:
        identity = identity_of(connection)
    except Unhelpful as trouble:
        raise WentWrong(trouble.says, trouble.remedy) from None
    address, request_id = ask(identity, ours(request, district, connection), relay_state=state_id)
    data = {"request_id": request_id, "is_test": is_test}
    SamlProvider(request, district, connection).stash_redirect_state(
        request, "login", next_url, data, state_id=state_id
    )
    return redirect(address)


@require_safe
@never_cache
def metadata(request: HttpRequest, code: str, connection_id: int) -> HttpResponse:
    """What the provider has to know of us, as a file for it."""
    district, connection = _find(code, connection_id)
    if district is None or connection is None:
        return refuse(request, NoSuchDistrict(code))
    response = HttpResponse(
        describe_us(ours(request, district, connection)), content_type="application/samlmetadata+xml"
    )
    response["Content-Disposition"] = f'attachment; filename="firstbell-{district.code}.xml"'
    return response


@csrf_exempt
@require_POST
@never_cache
def take_answer(request: HttpRequest, code: str, connection_id: int) -> HttpResponse:
    """Put down what the provider sends; whether it is any good is seen where the browser has its session."""
    district, connection = _find(code, connection_id)
    said, state_id = request.POST.get(RESPONSE, ""), request.POST.get(RELAY_STATE, "")
    if district is None or connection is None:
        return refuse(request, NoSuchDistrict(code))
    if not said or len(said) > LONGEST or len(state_id) > LONGEST_STATE:
        return not_in(request, district, connection)
    onward = redirect("web:sign_on_finish", district.code, connection.pk)
    put_down = LoginSession(request, ATTRIBUTE, COOKIE)
    put_down.store.update({RESPONSE: said, RELAY_STATE: state_id})
    put_down.store.set_expiry(LASTS)
    put_down.save(onward)
    return onward


LASTS: Final = 10 * 60


@require_safe
@never_cache
def finish(request: HttpRequest, code: str, connection_id: int) -> HttpResponse:
    """Look at the answer that was put down, once."""
    district, connection = _find(code, connection_id)
    if district is None or connection is None:
        return refuse(request, NoSuchDistrict(code))
    put_down = LoginSession(request, ATTRIBUTE, COOKIE)
    said, state_id = put_down.store.get(RESPONSE), put_down.store.get(RELAY_STATE)
    put_down.delete()
    try:
        provider = SamlProvider(request, district, connection)
        state: dict[str, Any] = provider.unstash_redirect_state(request, state_id or "")
    except PermissionDenied:
        return not_in(request, district, connection)
    us = ours(request, district, connection)
    try:
        identity = identity_of(connection)
        assertion = check_response(
            str(said or ""),
            identity,
            us,
            request_id=state["data"]["request_id"],
            now=timezone.now(),
        )
    except (BadToken, Unhelpful) as trouble:
        remedy = trouble.remedy if isinstance(trouble, Unhelpful) else "Begin again."
        says = f"What the provider sent was refused. {trouble}"
        return answer_to_failure(request, district, connection, says=says, remedy=remedy, state=state)
    out = ask_to_leave(identity, us, assertion.session)
    subject = assertion.subject
    return answer(request, district, connection, claims=assertion.attributes, subject=subject, out=out, state=state)


@require_safe
@never_cache
def left(request: HttpRequest, code: str, connection_id: int) -> HttpResponse:
    """Back from signing out at the provider. Our session was over before; what the provider says of its own changes
    nothing here, so nothing of it is read.
    """
    district, connection = _find(code, connection_id)
    if district is None or connection is None:
        return refuse(request, NoSuchDistrict(code))
    return redirect("web:student_door", district.code)


def _find(code: str, connection_id: int) -> tuple[District | None, Connection | None]:
    district = find_district(code)
    connection = find_connection(district, connection_id) if district else None
    is_saml = connection is not None and PRESETS[connection.preset].protocol == Protocol.SAML
    return district, connection if is_saml else None
