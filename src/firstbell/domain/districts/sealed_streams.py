"""Sealed streams: AES-256-GCM in chunks, so that a stream of any length is sealed and opened in constant memory.

A sealed stream is a header (magic, 32 random bytes) and chunks of at most 1 MiB, each with its 16-byte tag.
From the key and the random bytes comes a key for this stream alone (HKDF-SHA256). A chunk's nonce is its number and
whether it is the last (the STREAM construction), and what the stream is bound to goes into every tag. So a chunk that
is changed, cut off, added, put elsewhere or taken from another stream does not open.
"""

import secrets
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"FBSEAL1\n"
SALT_BYTES = 32
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
CHUNK_BYTES = 1024 * 1024
STREAM = b"firstbell stream"


class Unsealable(Exception):
    """What should be opened is not what was sealed: changed, cut, of another name or district, or of another key."""


def seal_with(key: bytes, source: BinaryIO, target: BinaryIO, *, bound: bytes) -> None:
    """Seal a stream of any length in constant memory. Whoever opens it has to know what it was bound to."""
    salt = secrets.token_bytes(SALT_BYTES)
    cipher = _cipher(key, salt)
    target.write(MAGIC + salt)
    target.writelines(cipher.encrypt(nonce, chunk, bound) for nonce, chunk in _numbered(source, CHUNK_BYTES))


def unseal_with(key: bytes, source: BinaryIO, target: BinaryIO, *, bound: bytes) -> None:
    """Open a sealed stream in constant memory; raises Unsealable, and what was written until then must not be used."""
    header = source.read(len(MAGIC) + SALT_BYTES)
    if len(header) != len(MAGIC) + SALT_BYTES or not header.startswith(MAGIC):
        raise Unsealable(bound.decode(errors="replace"))
    cipher = _cipher(key, header[len(MAGIC) :])
    for nonce, chunk in _numbered(source, CHUNK_BYTES + TAG_BYTES):
        try:
            target.write(cipher.decrypt(nonce, chunk, bound))
        except InvalidTag:
            raise Unsealable(bound.decode(errors="replace")) from None


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=STREAM).derive(key))


def _numbered(source: BinaryIO, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk with its nonce: 11 bytes of number, one byte that says whether it is the last. At least one chunk."""
    number, chunk = 0, _read_fully(source, size)
    while True:
        following = _read_fully(source, size) if len(chunk) == size else b""
        is_last = not following
        yield number.to_bytes(NONCE_BYTES - 1, "big") + bytes([is_last]), chunk
        if is_last:
            return
        number, chunk = number + 1, following


def _read_fully(source: BinaryIO, size: int) -> bytes:
    """Sockets and pipes give what they have; a chunk is full unless it is the last."""
    parts: list[bytes] = []
    while size and (part := source.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
