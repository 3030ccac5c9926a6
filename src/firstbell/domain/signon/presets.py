"""The identity providers that a district can choose from: what has to be entered, and what their log-ins say.

At Google, Clever and ClassLink all their customers share one issuer: a log-in of another district is as genuine as one
of ours. So there a claim names the customer, and it has to be entered (``pin``).
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from firstbell.connectors.contract import Entry, Setting
from firstbell.domain.signon.models import Key


class Protocol(StrEnum):
    """How a provider speaks."""

    OPENID = "openid"
    SAML = "saml"


ISSUER: Final = "issuer"
CLIENT_ID: Final = "client_id"
CLIENT_SECRET: Final = "client_secret"  # noqa: S105 - the name of a setting
PIN: Final = "pin"
PIN_CLAIM: Final = "pin_claim"
TENANT: Final = "tenant"
METADATA: Final = "metadata"
METADATA_URL: Final = "metadata_url"


@dataclass(frozen=True, slots=True)
class Preset:
    """One provider, or any that speaks the protocol."""

    code: str
    name: str
    protocol: Protocol
    summary: str
    settings: tuple[Setting, ...]
    issuer: str = ""
    """Where a person does not enter it; ``{tenant}`` stands for the setting."""
    pin_claim: str = ""
    """The claim that names the customer; blank where the issuer does already, or a person says."""
    key: Key = Key.EMAIL
    claim: str = "email"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    asks: dict[str, str] = field(default_factory=dict)
    """What is asked for besides, by the names of the request; ``{pin}`` stands for the setting."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Names of the settings that are sealed."""
        return tuple(setting.name for setting in self.settings if setting.is_secret)


def _client(where: str) -> tuple[Setting, ...]:
    return (
        Setting(CLIENT_ID, "Client ID", where),
        Setting(
            CLIENT_SECRET, "Client secret", "From the same page. It is sealed, and never shown again.", Entry.SEALED
        ),
    )


GOOGLE = Preset(
    "google",
    "Google",
    Protocol.OPENID,
    "Google Workspace for Education.",
    (
        *_client(
            "In the Google Cloud console of your domain: APIs and services, Credentials, OAuth client of a web app."
        ),
        Setting(PIN, "Domain", "Your Google Workspace’s own domain, such as lakeside.k12.example.us."),
    ),
    issuer="https://accounts.google.com",
    pin_claim="hd",
    asks={"hd": "{pin}", "prompt": "select_account"},
)
MICROSOFT = Preset(
    "microsoft",
    "Microsoft",
    Protocol.OPENID,
    "Microsoft Entra ID, of Microsoft 365.",
    (
        Setting(TENANT, "Directory (tenant) ID", "In the Entra admin center: App registrations, your app, Overview."),
        *_client("On the same page: Application (client) ID."),
    ),
    issuer="https://login.microsoftonline.com/{tenant}/v2.0",
    key=Key.USERNAME,
    claim="preferred_username",
)
CLEVER = Preset(
    "clever",
    "Clever",
    Protocol.OPENID,
    "Clever Instant Login, where the roster comes from Clever too.",
    (
        *_client("In Clever’s developer dashboard: your app, Settings."),
        Setting(PIN, "Clever’s ID of your district", "In Clever’s dashboard, in the address of your district’s page."),
    ),
    issuer="https://clever.com",
    pin_claim="district",
    key=Key.SOURCED_ID,
    claim="sub",
    scopes=("openid",),
)
CLASSLINK = Preset(
    "classlink",
    "ClassLink",
    Protocol.OPENID,
    "ClassLink LaunchPad, where the roster comes by OneRoster.",
    (
        *_client("In ClassLink’s developer portal: your app, OAuth2."),
        Setting(PIN, "Tenant ID", "In ClassLink’s management console: the number of your tenant."),
    ),
    issuer="https://launchpad.classlink.com",
    pin_claim="TenantId",
    key=Key.SOURCED_ID,
    claim="SourcedId",
)
OPENID = Preset(
    "openid",
    "OpenID Connect",
    Protocol.OPENID,
    "Any other provider that speaks OpenID Connect.",
    (
        Setting(ISSUER, "Issuer", "As the provider’s documentation gives it: https://id.example.org.", Entry.ADDRESS),
        *_client("Where the provider registered this application."),
        Setting(
            PIN_CLAIM,
            "Claim that names your organization",
            "Where the provider serves others too, from one issuer: the claim that tells yours from theirs.",
            required=False,
        ),
        Setting(PIN, "What that claim says for yours", "Log-ins that say anything else are refused.", required=False),
    ),
)

SAML = Preset(
    "saml",
    "SAML 2.0",
    Protocol.SAML,
    "Any provider that speaks SAML 2.0: Google, Microsoft, ADFS, Shibboleth, RapidIdentity …",
    (
        Setting(
            METADATA_URL,
            "Address of its metadata",
            "Where the provider publishes one. A new certificate is then taken by itself.",
            Entry.ADDRESS,
            required=False,
        ),
        Setting(
            METADATA,
            "Or its metadata",
            "The whole XML file that the provider gives you. Enter it anew when its certificate changes.",
            Entry.LINES,
            required=False,
            most=200_000,
        ),
    ),
    key=Key.IDENTIFIER,
    claim="NameID",
    scopes=(),
)

PRESETS: Final[dict[str, Preset]] = {
    preset.code: preset for preset in (GOOGLE, MICROSOFT, CLEVER, CLASSLINK, OPENID, SAML)
}
