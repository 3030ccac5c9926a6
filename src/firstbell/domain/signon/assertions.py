"""Checking a SAML 2.0 response: Web Browser SSO Profile, 4.1.4. The cryptography is python3-saml's.

That takes an assertion as good which names no audience, no recipient, no request or no end: what is absent there is
asked for here. Read is the one assertion whose signature was checked, and nothing beside it.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import structlog
from cryptography.x509 import load_der_x509_certificate
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Saml
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from firstbell.domain.signon.tokens import BadToken

LONGEST: Final = 256 * 1024
NAME_ID: Final = "NameID"
"""As which the name of the subject stands among the attributes."""
NAMES: Final = {"saml": Saml.NS_SAML, "samlp": Saml.NS_SAMLP, "ds": Saml.NS_DS}
MOST_CERTIFICATES: Final = 6

log = structlog.get_logger(__name__)


class BadMetadata(ValueError):
    """What an identity provider says of itself cannot be used; the text says why, for an administrator."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A provider, by its metadata."""

    entity_id: str
    address: str
    """Where people sign in."""
    certificates: tuple[str, ...]
    """In base64; several while one follows another."""
    ends_at: datetime
    """When the last of them ends."""
    leave_at: str = ""
    """Where people sign out; blank where it does not say."""


@dataclass(frozen=True, slots=True)
class Ours:
    """What we are called there, and where its answers come to."""

    entity_id: str
    answers_to: str
    left_to: str = ""
    """Where the provider takes people back who signed out there."""


@dataclass(frozen=True, slots=True)
class TheirSession:
    """What the provider calls the session that it began, to be ended by that."""

    name: str
    name_format: str
    index: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """Who somebody is: what the provider calls them, and what it says of them."""

    subject: str
    attributes: dict[str, object]
    session: TheirSession


def read_identity(metadata: str) -> Identity:
    """A provider's metadata. Raises BadMetadata."""
    if not metadata.strip() or len(metadata) > 4 * LONGEST:
        raise BadMetadata("There is no metadata, or more of it than one provider has.")
    try:
        found: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.parse(metadata.strip().encode()).get("idp", {})
    except Exception as fault:  # whatever a parser finds in what anybody may paste
        log.info("signon.metadata_unreadable", fault=type(fault).__name__)
        raise BadMetadata("This is not the metadata of a SAML identity provider.") from None
    several = found.get("x509certMulti", {})
    certificates = several.get("signing") or [found.get("x509cert", "")]
    address = str(found.get("singleSignOnService", {}).get("url", ""))
    if not found.get("entityId") or urlsplit(address).scheme not in {"https", "http"}:
        raise BadMetadata("The metadata names no identity provider with an address for HTTP-Redirect.")
    plain = tuple("".join(one.split()) for one in certificates if one)[:MOST_CERTIFICATES]
    if not plain:
        raise BadMetadata("The metadata has no certificate for signatures.")
    leave_at = str(found.get("singleLogoutService", {}).get("url", ""))
    leave_at = leave_at if urlsplit(leave_at).scheme in {"https", "http"} else ""
    return Identity(str(found["entityId"]), address, plain, max(_end_of(one) for one in plain), leave_at)


def describe_us(ours: Ours) -> bytes:
    """Our own metadata, for the provider."""
    settings = OneLogin_Saml2_Settings(_settings(None, ours), sp_validation_only=True)
    described = settings.get_sp_metadata()
    return described if isinstance(described, bytes) else described.encode()


def ask(identity: Identity, ours: Ours, *, relay_state: str) -> tuple[str, str]:
    """Where to send somebody, and the id of what they ask there."""
    auth = OneLogin_Saml2_Auth(_request(ours), _settings(identity, ours))
    address = str(auth.login(return_to=relay_state))
    return address, str(auth.get_last_request_id())


def ask_to_leave(identity: Identity, ours: Ours, session: TheirSession) -> str:
    """Where somebody signs out at the provider too: a request for the session that it began. Blank where it cannot."""
    if not identity.leave_at or not session.name:
        return ""
    auth = OneLogin_Saml2_Auth(_request(ours), _settings(identity, ours))
    said = {"name_id": session.name, "name_id_format": session.name_format or None}
    return str(auth.logout(**said, session_index=session.index or None))


def check_response(response: str, identity: Identity, ours: Ours, *, request_id: str, now: datetime) -> Assertion:
    """What a response says, to the request with this id. Raises BadToken."""
    _ensure_plain(response)
    if now > identity.ends_at:
        raise BadToken("Every certificate of its metadata has ended. Enter its metadata anew.")
    try:
        read = OneLogin_Saml2_Response(OneLogin_Saml2_Settings(_settings(identity, ours)), response)
        read.is_valid(_request(ours), request_id, raise_exceptions=True)
        said: dict[str, object] = dict(read.get_attributes())
        name, name_format, index = read.get_nameid(), read.get_nameid_format(), read.get_session_index()
    except Exception as fault:  # hostile XML finds every way to fail
        log.info("signon.response_refused", fault=type(fault).__name__)
        raise BadToken(f"Its SAML response is not right: {_in_words(fault)}") from None
    _ensure_whole(read.document, identity, ours, request_id, now)
    _ensure_one_signature(read.document)
    if name:
        said[NAME_ID] = name
    lasting = name if name and name_format != Saml.NAMEID_TRANSIENT else ""
    return Assertion(str(lasting)[:255], said, TheirSession(name or "", name_format or "", index or ""))


def _ensure_plain(response: str) -> None:
    """No other encoding, no comments, no instructions: what splits a text for one reader and not for another."""
    if not 0 < len(response) <= LONGEST:
        raise BadToken("It sent no SAML response, or one that is too long.")
    try:
        text = base64.b64decode(response, validate=False).decode("utf-8")
    except (binascii.Error, ValueError):
        raise BadToken("It sent no readable SAML response.") from None
    body = text.lstrip("\ufeff \r\n\t")
    if body.startswith("<?xml "):
        body = body.partition("?>")[2]
    if "\0" in body or "<!" in body or "<?" in body:
        raise BadToken("Its SAML response has comments or instructions within.")


def _ensure_whole(document: Any, identity: Identity, ours: Ours, request_id: str, now: datetime) -> None:
    """Audience, recipient, request and end: each is there, and is ours."""
    (assertion,) = document.findall("saml:Assertion", NAMES)
    audiences = assertion.findall("saml:Conditions/saml:AudienceRestriction", NAMES)
    if not audiences or any(ours.entity_id not in _texts(one, "saml:Audience") for one in audiences):
        raise BadToken("Its SAML response is for another application.")
    if _texts(assertion, "saml:Issuer") != [identity.entity_id]:
        raise BadToken("Its SAML response is of another provider.")
    if document.get("InResponseTo") != request_id or document.get("Destination", ours.answers_to) != ours.answers_to:
        raise BadToken("Its SAML response is of another sign-in.")
    confirmations = [
        one.find("saml:SubjectConfirmationData", NAMES)
        for one in assertion.findall("saml:Subject/saml:SubjectConfirmation", NAMES)
        if one.get("Method") == Saml.CM_BEARER
    ]
    if not any(_confirms(one, ours, request_id, now) for one in confirmations if one is not None):
        raise BadToken("Its SAML response is of another sign-in, or does not say until when it holds.")


def _confirms(data: Any, ours: Ours, request_id: str, now: datetime) -> bool:
    try:
        ends = datetime.fromisoformat(data.get("NotOnOrAfter", ""))
    except ValueError:
        return False
    is_here = data.get("Recipient") == ours.answers_to and data.get("InResponseTo") == request_id
    return is_here and ends.tzinfo is not None and now < ends and data.get("NotBefore") is None


def _ensure_one_signature(document: Any) -> None:
    """The assertion has a signature of its own, over itself and nothing else."""
    (assertion,) = document.findall("saml:Assertion", NAMES)
    signatures = assertion.findall("ds:Signature", NAMES)
    references = [one for each in signatures for one in each.iterfind(".//ds:Reference", NAMES)]
    if len(signatures) != 1 or len(references) != 1 or references[0].get("URI") != f"#{assertion.get('ID')}":
        raise BadToken("The signature of its SAML response is not over the one assertion.")


def _texts(element: Any, path: str) -> list[str]:
    return ["".join(one.itertext()).strip() for one in element.findall(path, NAMES)]


def _settings(identity: Identity | None, ours: Ours) -> dict[str, Any]:
    said: dict[str, Any] = {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": ours.entity_id,
            "assertionConsumerService": {"url": ours.answers_to, "binding": Saml.BINDING_HTTP_POST},
            "NameIDFormat": Saml.NAMEID_UNSPECIFIED,
        },
        "security": {
            "wantAssertionsSigned": True,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "wantNameId": False,
            "wantAttributeStatement": False,
            "allowRepeatAttributeName": False,
            "allowSingleLabelDomains": True,
            "metadataValidUntil": "",  # else providers would forget us after two days
            "metadataCacheDuration": "",
        },
    }
    if ours.left_to:
        said["sp"]["singleLogoutService"] = {"url": ours.left_to, "binding": Saml.BINDING_HTTP_REDIRECT}
    if identity is not None:
        said["idp"] = {
            "entityId": identity.entity_id,
            "singleSignOnService": {"url": identity.address, "binding": Saml.BINDING_HTTP_REDIRECT},
            "x509certMulti": {"signing": list(identity.certificates)},
        }
        if identity.leave_at:
            leaves = {"url": identity.leave_at, "binding": Saml.BINDING_HTTP_REDIRECT}
            said["idp"]["singleLogoutService"] = leaves
    return said


def _request(ours: Ours) -> Mapping[str, Any]:
    """The request as python3-saml reads one: that of the address which answers come to."""
    parts = urlsplit(ours.answers_to)
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
        "get_data": {},
        "post_data": {},
    }


def _end_of(certificate: str) -> datetime:
    try:
        return load_der_x509_certificate(base64.b64decode(certificate)).not_valid_after_utc
    except ValueError:
        raise BadMetadata("A certificate of the metadata cannot be read.") from None


def _in_words(fault: Exception) -> str:
    """What python3-saml says, on one line and not too much of it: it may quote what was sent."""
    return " ".join(str(fault).split())[:200] or type(fault).__name__
