"""What a district does about opening programs: let one be opened, change how, give it a new secret, end it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from allauth.idp.oidc.models import Client
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import seal, unseal
from firstbell.domain.districts.wall import within
from firstbell.domain.launch.models import Launch, SigningKey
from firstbell.domain.launch.queries import find_launch
from firstbell.domain.launch.telling import OPENID, SCOPES
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.signon.models import Serves

MOST_ADDRESSES: Final = 10
LONGEST_ADDRESS: Final = 2000
AT_HOME: Final = frozenset({"localhost", "127.0.0.1", "::1"})
SEALED_AS: Final = "launch/signing-key"
BITS: Final = 2048


class BadLaunch(ValueError):
    """A program cannot be opened like this; the text says why."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a program is opened."""

    start_url: str
    redirect_uris: Sequence[str]
    serves: Serves = Serves.EVERYONE


@dataclass(frozen=True, slots=True)
class NewLaunch:
    """How a program signs people in with us; the secret is shown once, and blank where it stays as it was."""

    launch: Launch
    secret: str = ""


def let_open(program: ApiClient, way: Way, *, by: Actor) -> NewLaunch:
    """Let people open a program, or change how. Raises BadLaunch."""
    _ensure_good(program, way)
    with within(program.district):
        known = find_launch(program)
        secret = "" if known else secrets.token_urlsafe(32)
        launch = known or _new_launch(program, secret)
        launch.start_url, launch.redirect_uris, launch.serves = way.start_url, list(way.redirect_uris), way.serves
        launch.save()
        _tell_allauth(launch)
        _note(program, "launch.changed" if known else "launch.added", by, to=urlsplit(way.start_url).netloc)
    return NewLaunch(launch, secret)


def give_new_secret(launch: Launch, *, by: Actor) -> NewLaunch:
    """Another secret; the one before is worth nothing from now on."""
    secret = secrets.token_urlsafe(32)
    with within(launch.program.district):
        client = Client.objects.get(pk=launch.client_id)
        client.set_secret(secret)
        client.save(update_fields=["secret"])
        _note(launch.program, "launch.secret", by)
    return NewLaunch(launch, secret)


def end_launch(launch: Launch, *, by: Actor) -> None:
    """Nobody opens the program from here any more; codes and tokens that it has are worth nothing. It reads on."""
    with within(launch.program.district):
        Launch.objects.filter(district_id=launch.district_id, pk=launch.pk).delete()  # and allauth's client with it
        _note(launch.program, "launch.ended", by)


def signing_key_of(district: District) -> str:
    """The district's private key (PEM), made with its first use."""
    with within(district):
        known = SigningKey.objects.filter(district_id=district.pk).first()
        if known is None:
            made = rsa.generate_private_key(65537, BITS)
            pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            sealed = seal(district, pem, name=SEALED_AS)
            known, _ = SigningKey.objects.get_or_create(district_id=district.pk, defaults={"sealed": sealed})
        return unseal(district, bytes(known.sealed), name=SEALED_AS).decode()


def _new_launch(program: ApiClient, secret: str) -> Launch:
    client = Client(name=program.name, type=Client.Type.CONFIDENTIAL, skip_consent=True)  # the district has consented
    client.set_scopes(list(SCOPES))
    client.set_default_scopes([OPENID])
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE])
    client.set_response_types([Client.ResponseType.CODE])
    client.set_secret(secret)
    client.save()
    return Launch(district_id=program.district_id, program=program, client_id=client.pk)


def _tell_allauth(launch: Launch) -> None:
    client = Client.objects.get(pk=launch.client_id)
    client.set_redirect_uris(launch.redirect_uris)
    client.save(update_fields=["redirect_uris"])


def _ensure_good(program: ApiClient, way: Way) -> None:
    if program.revoked_at is not None:
        raise BadLaunch("This program was shut out: let it in anew first.")
    if not 1 <= len(way.redirect_uris) <= MOST_ADDRESSES:
        raise BadLaunch(f"Enter from one to {MOST_ADDRESSES} redirect URIs, each on a line of its own.")
    for address in (way.start_url, *way.redirect_uris):
        if not _is_good(address):
            raise BadLaunch(f"{address[:200]} is no address that begins with https:// and has no # in it.")


def _is_good(address: str) -> bool:
    """Encrypted, but on the developer's own machine; without what browsers and servers read in two ways."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    plain = address.isprintable() and not set(address) & set(' \\*"<>^`{|}')
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in AT_HOME)
    whole = bool(parts.hostname) and not parts.username and not parts.password and "#" not in address
    return plain and is_safe and whole and len(address) <= LONGEST_ADDRESS


def _note(program: ApiClient, verb: str, by: Actor, **detail: object) -> None:
    told = {"name": program.name, **detail}
    record(program.district_id, verb, by=by, subject_kind="client", subject_id=program.pk, detail=told)
