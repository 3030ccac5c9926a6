"""What a person entered, as the client takes it."""

from dataclasses import dataclass
from typing import Final

import asyncssh

from firstbell.connectors.contract import About, ForGood, Values

PLAIN_PORT: Final = 22
NEWEST: Final = "newest"
PLAIN_FILES: Final = "*.csv, *.zip"
_FINGERPRINT: Final = "SHA256:"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the files lie, and how one gets in. ``host_keys`` and ``fingerprints`` are those of the server."""

    host: str
    port: int
    user: str
    password: str
    private_keys: tuple[asyncssh.SSHKey, ...]
    host_keys: tuple[asyncssh.SSHKey, ...]
    fingerprints: frozenset[str]
    folder: str
    patterns: tuple[str, ...]
    newest: bool

    def trusts(self, key: asyncssh.SSHKey) -> bool:
        """Whether the server's key is one of those that a person pinned."""
        return key.get_fingerprint() in self.fingerprints


def read_settings(values: Values) -> Settings:
    """Raises ForGood with what is wrong about a value; a secret is never quoted."""
    said = {name: value.strip() for name, value in values.items()}
    host = said["host"]
    if not host or any(letter in host for letter in "/@ ") or not host.isprintable():
        raise _unfit(
            "The server has to be a name of a host, such as sftp.example.org.", "Leave out sftp:// and folders."
        )
    private = _private_keys(said["private_key"])
    if not said["password"] and not private:
        raise _unfit("There is neither a password nor a private key.", "Enter one of them.")
    keys, fingerprints = _pinned(said["host_key"])
    return Settings(
        host,
        int(said["port"] or PLAIN_PORT),
        said["username"],
        values["password"],
        private,
        keys,
        fingerprints,
        said["folder"] or ".",
        tuple(filter(None, map(str.strip, (said["files"] or PLAIN_FILES).casefold().split(",")))),
        said["take"] == NEWEST,
    )


def _private_keys(text: str) -> tuple[asyncssh.SSHKey, ...]:
    if not text:
        return ()
    try:
        return (asyncssh.import_private_key(f"{text}\n"),)
    except asyncssh.KeyEncryptionError:
        raise _unfit("The private key has a passphrase.", "Make a key without one for this purpose alone.") from None
    except (asyncssh.KeyImportError, ValueError):
        raise _unfit("The private key cannot be read.", "Paste the whole file, with its first and last line.") from None


def _pinned(text: str) -> tuple[tuple[asyncssh.SSHKey, ...], frozenset[str]]:
    """Public keys (as OpenSSH writes them, with or without the host before) and fingerprints, one a line."""
    keys, fingerprints = [], set()
    for line in filter(None, map(str.strip, text.splitlines())):
        words = line.split()
        printed = next((word for word in words if word.startswith(_FINGERPRINT)), None)
        if printed is not None:
            fingerprints.add(printed)
            continue
        kind = next((place for place, word in enumerate(words) if word.startswith(("ssh-", "ecdsa-"))), 0)
        try:
            keys.append(asyncssh.import_public_key(" ".join(words[kind : kind + 2])))
        except (asyncssh.KeyImportError, ValueError):
            says = f"“{line[:40]}” is neither a public key nor a fingerprint."
            raise _unfit(
                says, "A fingerprint begins with SHA256:, a key with ssh-ed25519, ssh-rsa or ecdsa-."
            ) from None
    return tuple(keys), frozenset(fingerprints | {key.get_fingerprint() for key in keys})


def _unfit(says: str, remedy: str) -> ForGood:
    return ForGood(says, about=About.SETTINGS, remedy=remedy)
