"""OpenID Connect by django-allauth, fed from a district's connection.

allauth leads there and back and keeps the state and the proof key of the way. What it would fetch goes out by our own
way (``signon.talking``), and it signs nobody in: whom the answer is of is the domain's to say (``coming``).
"""

import secrets
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter, OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from firstbell.domain.districts.models import District
from firstbell.domain.signon.models import Connection
from firstbell.domain.signon.presets import PIN, PRESETS
from firstbell.domain.signon.talking import Unhelpful, client_of, describe, read_claims, trade_code, way_out
from firstbell.domain.signon.tokens import BadToken
from firstbell.web.signon.failing import WentWrong


class OurAdapter(OAuth2Adapter):  # type: ignore[misc] # allauth carries no types
    """How one connection's provider is spoken to."""

    def __init__(self, request: HttpRequest, provider: "OurProvider") -> None:
        super().__init__(request)
        self.provider = provider
        self.state: dict[str, Any] = {}

    def get_provider(self) -> "OurProvider":
        """The connection."""
        return self.provider

    @property
    def authorize_url(self) -> str:
        """Where people sign in."""
        return self._described("authorization_endpoint")

    @property
    def access_token_url(self) -> str:
        """Where a code is traded."""
        return self._described("token_endpoint")

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where people come back to."""
        return back_url(request, self.provider.district, self.provider.connection)

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: OAuth2Client, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """The tokens for the code that came back."""
        district, connection = self.provider.district, self.provider.connection
        back = self.get_callback_url(request, app)
        try:
            tokens = trade_code(
                district, connection, request.GET.get("code", ""), back_url=back, verifier=pkce_code_verifier or ""
            )
        except Unhelpful as trouble:
            raise WentWrong(trouble.says, trouble.remedy) from None
        return {"access_token": "", **tokens}

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any) -> SocialLogin:
        """What the tokens say, checked."""
        nonce = str((self.state.get("data") or {}).get("nonce", ""))
        try:
            claims = read_claims(self.provider.district, self.provider.connection, kwargs["response"], nonce)
        except Unhelpful as trouble:
            raise WentWrong(trouble.says, trouble.remedy) from None
        except BadToken as trouble:
            raise WentWrong(f"What the provider sent was refused. {trouble}", "Begin again.") from None
        back_to = request.build_absolute_uri(reverse("web:student_door", args=[self.provider.district.code]))
        out = way_out(self.provider.district, self.provider.connection, kwargs["response"], back_to=back_to)
        return self.provider.sociallogin_from_response(request, {"id_token": claims, "out": out})

    def _described(self, name: str) -> str:
        try:
            return str(describe(self.provider.connection)[name])
        except Unhelpful as trouble:
            raise WentWrong(trouble.says, trouble.remedy) from None


class OurProvider(OpenIDConnectProvider):  # type: ignore[misc] # allauth carries no types
    """A connection, as allauth sees it. Its id carries the district: two may share a provider and its people's ids."""

    pkce_enabled_default = True
    oauth2_adapter_class = OurAdapter

    def __init__(self, request: HttpRequest, district: District, connection: Connection) -> None:
        client_id, _ = client_of(district, connection)
        app = SocialApp(
            provider=self.id,
            provider_id=f"{district.pk}.{connection.pk}",
            name=connection.name,
            client_id=client_id,
            settings={},
        )
        super().__init__(request, app=app)
        self.district, self.connection = district, connection

    def get_oauth2_adapter(self, request: HttpRequest) -> OurAdapter:
        """How it is spoken to."""
        return OurAdapter(request, self)

    def get_scope(self) -> list[str]:
        """What is asked for."""
        return list(PRESETS[self.connection.preset].scopes)

    def extract_common_fields(self, data: object) -> dict[str, object]:
        """Nothing: people are the roster's, and nobody is made of what a provider says."""
        return {}

    def extract_email_addresses(self, data: object) -> list[object]:
        """None: an address of a provider never becomes an address that we write to or let in by."""
        return []


class ComesBack(OAuth2CallbackView):  # type: ignore[misc] # allauth carries no types
    """The way back; the adapter learns which way there it belongs to."""

    def _get_state(self, request: HttpRequest, provider: OurProvider) -> tuple[dict[str, Any] | None, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, response


def back_url(request: HttpRequest, district: District, connection: Connection) -> str:
    """Where the provider sends people back to, as it has to be registered there."""
    return request.build_absolute_uri(reverse("web:sign_on_back", args=[district.code, connection.pk]))


def lead_there(
    request: HttpRequest, district: District, connection: Connection, *, next_url: str, is_test: bool
) -> HttpResponse:
    """Send somebody to the provider. Raises WentWrong where it cannot be asked."""
    nonce = secrets.token_urlsafe(24)
    pin = str(connection.settings.get(PIN, ""))
    asks = {name: value.replace("{pin}", pin) for name, value in PRESETS[connection.preset].asks.items()}
    provider = OurProvider(request, district, connection)
    _ = provider.get_oauth2_adapter(request).authorize_url  # before a state is kept for a way that is none
    data = {"nonce": nonce, "is_test": is_test}
    response: HttpResponse = provider.redirect(
        request, process="login", next_url=next_url, data=data, auth_params={**asks, "nonce": nonce}
    )
    return response


def come_back(request: HttpRequest, district: District, connection: Connection) -> HttpResponse:
    """The answer to somebody who comes back from the provider."""
    view = ComesBack()
    view.request = request
    view.adapter = OurAdapter(request, OurProvider(request, district, connection))
    try:
        response: HttpResponse = view.dispatch(request)
    except ImmediateHttpResponse as answer:
        response = answer.response
    return response
