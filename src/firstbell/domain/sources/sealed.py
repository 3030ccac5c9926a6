"""The secrets of a connection: sealed with the district's key, opened for one call, never shown again."""

import hashlib
import hmac
import secrets
import string

from firstbell.connectors.contract import Kind
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealed_words import open_words, put_words
from firstbell.domain.sources.models import Connection

LETTERS = "".join(sorted(set(string.ascii_letters + string.digits) - set("0O1lI")))
LENGTH = 28
"""Of a password that we make: more than 160 bits, so that a plain digest of it can be kept."""


def put_secrets(district: District, connection: Connection, said: dict[str, str]) -> None:
    """Seal secrets in the place of those with the same name; a blank one leaves what is there. Does not save."""
    connection.secrets = put_words(district, bytes(connection.secrets), said, name=_name(connection))


def open_secrets(district: District, connection: Connection) -> dict[str, str]:
    """The secrets in clear. Raises Unsealable for a key that is not the one they were sealed with."""
    return open_words(district, bytes(connection.secrets), name=_name(connection))


def values_of(district: District, connection: Connection, kind: Kind) -> dict[str, str]:
    """All settings of the kind, as its connector takes them."""
    said = {**connection.settings, **open_secrets(district, connection)}
    return {setting.name: str(said.get(setting.name, setting.default)) for setting in kind.settings}


def new_password() -> str:
    """One that nobody can guess, without letters that look alike."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def digest_of(password: str) -> str:
    """What is kept of a password that we made."""
    return hashlib.sha256(password.encode()).hexdigest()


def is_password(connection: Connection, said: str) -> bool:
    """Whether this is the password or token of the connection."""
    return bool(connection.password_digest) and hmac.compare_digest(connection.password_digest, digest_of(said))


def _name(connection: Connection) -> str:
    return f"sources/{connection.source_id}/secrets"
