"""The doors of single sign-on: to the provider, and back."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.queries import find_district
from firstbell.domain.signon.access import access_connection
from firstbell.domain.signon.entering import note_failed
from firstbell.domain.signon.presets import PRESETS, Protocol
from firstbell.domain.signon.queries import find_connection, find_offered
from firstbell.web.refusals import refuse
from firstbell.web.signin.coming_in import own_page
from firstbell.web.signon import openid, saml
from firstbell.web.signon.coming import answer_to_failure, not_in
from firstbell.web.signon.failing import WentWrong
from firstbell.web.visit import Visit, inside

LEADERS = {Protocol.OPENID: openid.lead_there, Protocol.SAML: saml.lead_there}


@require_safe
@never_cache
def go(request: HttpRequest, code: str, connection_id: int) -> HttpResponse:
    """To the provider. A link and not a form: our policy lets no form lead out of the house."""
    district = find_district(code)
    connection = find_offered(district, connection_id) if district else None
    if district is None or connection is None:
        return refuse(request, NoSuchDistrict(code))
    try:
        return LEADERS[PRESETS[connection.preset].protocol](
            request, district, connection, next_url=own_page(district, request.GET.get("next")), is_test=False
        )
    except WentWrong as trouble:
        noted = note_failed(district, connection, trouble.says, trouble.remedy, now=timezone.now())
        return not_in(request, district, connection, number=noted.pk)


@require_safe
@never_cache
def back(request: HttpRequest, code: str, connection_id: int) -> HttpResponse:
    """Back from the provider."""
    district = find_district(code)
    connection = find_connection(district, connection_id) if district else None
    if district is None or connection is None or PRESETS[connection.preset].protocol != Protocol.OPENID:
        return refuse(request, NoSuchDistrict(code))
    return openid.come_back(request, district, connection)


@require_safe
@inside
def test(visit: Visit, connection_id: int) -> HttpResponse:
    """To the provider and back, to see what it says. Nobody is signed in by it."""
    connection = access_connection(visit.viewer, visit.district, connection_id)
    if visit.viewer.is_read_only:
        raise NotAllowed("read only")  # the way there is kept in the session, and what a provider says in the cache
    try:
        return LEADERS[PRESETS[connection.preset].protocol](
            visit.request, visit.district, connection, next_url="", is_test=True
        )
    except WentWrong as trouble:
        state = {"data": {"is_test": True}}
        return answer_to_failure(
            visit.request, visit.district, connection, says=trouble.says, remedy=trouble.remedy, state=state
        )
