"""`/oauth/token`: the client credentials grant (RFC 6749, 4.4) with the scopes of OneRoster."""

import base64
import binascii
from http import HTTPStatus
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from firstbell.domain.sharing.access import NotAClient
from firstbell.domain.sharing.actions import NoSuchScope, give_token

TEXTS = {
    "invalid_request": "Send a form with grant_type=client_credentials, and the client by HTTP Basic or in the form.",
    "unsupported_grant_type": "The grant type is client_credentials.",
    "invalid_client": "The client or its secret is not known here, or was revoked.",
    "invalid_scope": "The client does not have one of these scopes.",
}


@csrf_exempt
def token(request: HttpRequest) -> HttpResponse:
    """Give a token to a client that knows its secret."""
    if request.method != "POST":
        response = _refuse("invalid_request", HTTPStatus.METHOD_NOT_ALLOWED)
        response["Allow"] = "POST"
        return response
    if request.POST.get("grant_type") != "client_credentials":
        return _refuse("unsupported_grant_type" if "grant_type" in request.POST else "invalid_request")
    client_id, secret = _credentials(request)
    if not client_id or not secret:
        return _refuse("invalid_client", HTTPStatus.UNAUTHORIZED)
    try:
        given = give_token(client_id, secret, request.POST.get("scope", "").split())
    except NotAClient:
        return _refuse("invalid_client", HTTPStatus.UNAUTHORIZED)
    except NoSuchScope:
        return _refuse("invalid_scope")
    return _answer(
        {
            "access_token": given.token,
            "token_type": "Bearer",
            "expires_in": int(given.lives.total_seconds()),
            "scope": " ".join(given.scopes),
        }
    )


def _credentials(request: HttpRequest) -> tuple[str, str]:
    kind, _, encoded = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "basic":
        return _text(request.POST.get("client_id", "")), _text(request.POST.get("client_secret", ""))
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return _text(unquote_plus(client_id)), _text(unquote_plus(secret))


def _text(value: str) -> str:
    """No client has a name with NUL in it, or longer than any of ours."""
    return "" if "\0" in value or len(value) > 200 else value


def _refuse(error: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> HttpResponse:
    response = _answer({"error": error, "error_description": TEXTS[error]}, status)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Basic realm="Firstbell"'
    return response


def _answer(body: dict[str, object], status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    response["Pragma"] = "no-cache"
    return response
