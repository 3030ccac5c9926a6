"""The doors of an opened program: its tile, and OpenID Connect as django-allauth's provider speaks it.

What allauth would take more freely is asked for here first: an address to go back to exactly as it was entered, and a
proof key (PKCE) of everybody. There are no tokens that last: who comes again comes by the tile.
"""

from typing import Any

from allauth.idp.oidc.internal.oauthlib.server import OAuthLibServer
from allauth.idp.oidc.internal.oauthlib.utils import convert_response, extract_params
from allauth.idp.oidc.views import AuthorizationView, JwksView, TokenView, UserInfoView
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstbell.domain.accounts.models import Account
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.queries import find_district
from firstbell.domain.launch.models import Launch
from firstbell.domain.launch.queries import find_launch_of_client, find_launch_of_program
from firstbell.domain.launch.telling import SCOPES, NotOpen, ensure_open
from firstbell.domain.sharing.access import NoSuchClient
from firstbell.web.launch.adapter import issuer_of
from firstbell.web.refusals import refuse
from firstbell.web.visit import Visit, inside

ELSEWHERE = "The program asked to take you to an address that your district has not entered for it."
CODE = "authorization_code"


@require_safe
@inside
def open_program(visit: Visit, client_id: int) -> HttpResponse:
    """The tile: on to where the program begins a sign-in with us."""
    launch = find_launch_of_program(visit.district, client_id)
    if launch is None:
        raise NoSuchClient(client_id)
    try:
        ensure_open(launch, visit.account)
    except NotOpen as reason:
        return _not_open(visit, launch, str(reason), 403)
    joint = "&" if "?" in launch.start_url else "?"
    begun = {"iss": issuer_of(visit.request, visit.district), "client_id": launch.client_id}
    return redirect(f"{launch.start_url}{joint}{urlencode(begun)}")


@require_http_methods(["GET"])
@never_cache
def authorize(request: HttpRequest, code: str) -> HttpResponseBase:
    """The program asks who is there. Who is signed out signs in at the district's door first."""
    if isinstance(request.user, Account):
        response: HttpResponseBase = _authorize(request, code)
        return response
    district = find_district(code)
    launch = find_launch_of_client(district, request.GET.get("client_id", "")) if district else None
    if district is None or launch is None:
        return refuse(request, NoSuchDistrict(code))
    if "none" not in request.GET.get("prompt", "").split():
        onward = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('web:student_door', args=[district.code])}?{onward}")
    if not _goes_back(request, launch):
        return HttpResponse(ELSEWHERE, status=400, content_type="text/plain")
    return _answer(request, error="login_required")


@inside
def _authorize(visit: Visit) -> HttpResponse:
    launch = find_launch_of_client(visit.district, visit.request.GET.get("client_id", ""))
    if launch is None:
        raise NoSuchClient(0)
    if not _goes_back(visit.request, launch):
        return _not_open(visit, launch, ELSEWHERE, 400)
    if visit.request.GET.get("code_challenge_method") != "S256" or not visit.request.GET.get("code_challenge"):
        told = "A proof key is needed: code_challenge with code_challenge_method=S256."
        return _answer(visit.request, error="invalid_request", error_description=told)
    try:
        ensure_open(launch, visit.account)
    except NotOpen as reason:
        return _not_open(visit, launch, str(reason), 403)
    response: HttpResponse = AuthorizationView.as_view()(visit.request)
    if response.status_code == 200:  # nobody is asked for consent, so a page is one of a fault
        response.render()  # type: ignore[attr-defined]
        response.status_code = 400
    return response


class Tokens(TokenView):  # type: ignore[misc] # allauth carries no types
    """A token for a code, once; none that lasts."""

    def post(self, request: HttpRequest, **_: object) -> HttpResponse:
        """The code is the only thing that is traded."""
        if request.POST.get("grant_type") != CODE:
            return JsonResponse({"error": "unsupported_grant_type"}, status=400)
        response: HttpResponse = super().post(request)
        response["Cache-Control"] = "no-store"
        return response

    def _create_token_response(self, request: HttpRequest, **_: Any) -> HttpResponse:
        server = OAuthLibServer()
        for grant in (server.auth_grant, server.openid_connect_auth):
            grant.refresh_token = False
        response: HttpResponse = convert_response(*server.create_token_response(*extract_params(request)))
        return response


@csrf_exempt
@require_POST
def give_tokens(request: HttpRequest, code: str) -> HttpResponse:
    """For the program's server."""
    if find_district(code) is None:
        return refuse(request, NoSuchDistrict(code))
    response: HttpResponse = Tokens.as_view()(request)
    return response


@csrf_exempt
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest, code: str) -> HttpResponse:
    """Who a token is of, for the program's server."""
    if find_district(code) is None:
        return refuse(request, NoSuchDistrict(code))
    response: HttpResponse = UserInfoView.as_view()(request)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET"])
def keys(request: HttpRequest, code: str) -> HttpResponse:
    """The district's public key."""
    if find_district(code) is None:
        return refuse(request, NoSuchDistrict(code))
    response: HttpResponse = JwksView.as_view()(request)
    return response


@require_http_methods(["GET"])
def describe(request: HttpRequest, code: str) -> HttpResponse:
    """What the district is as an OpenID provider (OpenID Connect Discovery 1.0, 3)."""
    district = find_district(code)
    if district is None:
        return refuse(request, NoSuchDistrict(code))

    def url(name: str) -> str:
        return request.build_absolute_uri(reverse(f"web:launch_{name}", args=[district.code]))

    return JsonResponse(
        {
            "issuer": issuer_of(request, district),
            "authorization_endpoint": url("authorize"),
            "token_endpoint": url("token"),
            "userinfo_endpoint": url("userinfo"),
            "jwks_uri": url("keys"),
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": [CODE],
            "subject_types_supported": ["public", "pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "claims_supported": [
                *("sub", "district", "roles", "orgs", "grades"),
                *("name", "given_name", "family_name", "middle_name", "preferred_username"),
                *("email", "email_verified"),
            ],
        }
    )


def _goes_back(request: HttpRequest, launch: Launch) -> bool:
    """Whether the answer goes where the district said: to the letter, which allauth would not ask for."""
    return request.GET.getlist("redirect_uri") in [[address] for address in launch.redirect_uris]


def _answer(request: HttpRequest, **said: str) -> HttpResponse:
    """Back to the program with an error. Only where ``_goes_back``."""
    if "state" in request.GET:
        said["state"] = request.GET["state"]
    address = request.GET["redirect_uri"]
    return redirect(f"{address}{'&' if '?' in address else '?'}{urlencode(said)}")


def _not_open(visit: Visit, launch: Launch, reason: str, status: int) -> HttpResponse:
    context = {"program": launch.program, "reason": reason, "home_url": visit.url("home")}
    return render(visit.request, "launch/not_open.html", context, status=status)
