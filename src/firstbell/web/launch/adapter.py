"""Where django-allauth's identity provider asks what to say of somebody: the district's grant decides, each time."""

from collections.abc import Iterable
from typing import Any, Literal

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, PrivateKey
from django.http import Http404, HttpRequest
from django.urls import reverse
from oauthlib.oauth2.rfc6749.errors import InvalidClientError, InvalidGrantError, InvalidTokenError

from firstbell.domain.accounts.models import Account
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.launch.actions import signing_key_of
from firstbell.domain.launch.queries import find_launch_of_client
from firstbell.domain.launch.telling import NotOpen, claims_of

SUBJECT = "subject"
ASKED = {"id_token": "sign-in", "userinfo": "sign-in, asked again"}
"""As what it stands in the log of what programs have read."""


class GrantedOnly(DefaultOIDCAdapter):  # type: ignore[misc] # allauth carries no types
    """An issuer for each district, with a key of its own; a program of one is none at another."""

    def get_issuer(self) -> str:
        """The district's."""
        return issuer_of(self.request, self._district)

    def list_private_keys(self, *, did_activate: object = None, is_active: object = None) -> list[PrivateKey]:
        """The district's one."""
        return [PrivateKey(pem=signing_key_of(self._district))]

    def get_claims(
        self,
        purpose: Literal["id_token", "userinfo"],
        user: Account,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **_: object,
    ) -> dict[str, Any]:
        """What the grant lets the program know now, whatever it let it know when the code was given."""
        launch = find_launch_of_client(self._district, client.pk)
        if launch is None:
            raise InvalidClientError if purpose == "id_token" else InvalidTokenError
        try:
            return claims_of(launch, user, set(scopes), asked=ASKED[purpose])
        except NotOpen as reason:
            refusal = InvalidGrantError if purpose == "id_token" else InvalidTokenError
            raise refusal(description=str(reason).encode("ascii", "replace").decode()) from None

    def get_user_sub(self, client: Client, user: Account) -> str:
        """Nobody is looked for by a hint: what programs send of that kind never fits."""
        return ""

    def get_user_by_sub(self, client: Client, sub: str) -> None:
        """Nobody."""

    @property
    def _district(self) -> District:
        district = find_district(self.request.resolver_match.kwargs["code"])
        if district is None:
            raise Http404
        return district


def issuer_of(request: HttpRequest, district: District) -> str:
    """What a district is called as an issuer, which is where it describes itself."""
    first = reverse("web:launch_described", args=[district.code])
    return request.build_absolute_uri(first).removesuffix("/.well-known/openid-configuration")
