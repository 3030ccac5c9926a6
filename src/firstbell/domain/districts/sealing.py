"""Sealing what a district's files hold: AES-256-GCM in chunks, under a key of the district that the master key wraps.

A sealed stream is a header (magic, 32 random bytes) and chunks of at most 1 MiB, each with its 16-byte tag.
From the district's key and the random bytes comes a key for this stream alone (HKDF-SHA256). A chunk's nonce is
its number and whether it is the last (the STREAM construction), and the district and the stream's name go into
every tag. So a chunk that is changed, cut off, added, put elsewhere or taken from another stream does not open,
nor does a whole stream under another name or district.
"""

import base64
import binascii
import hashlib
import hmac
import io
import secrets
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from firstbell.domain.districts.master_keys import master_keys
from firstbell.domain.districts.models import District

MAGIC = b"FBSEAL1\n"
SALT_BYTES = 32
KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
CHUNK_BYTES = 1024 * 1024
WRAPPING = b"firstbell district key"
STREAM = b"firstbell stream"
FINGERPRINT = b"firstbell fingerprint"


class Unsealable(Exception):
    """What should be opened is not what was sealed: changed, cut, of another name or district, or of another key."""


def seal(district: District, data: bytes, *, name: str) -> bytes:
    """Seal bytes under a name, which opening must give again (the path in a run's folder, say)."""
    sealed = io.BytesIO()
    seal_stream(district, io.BytesIO(data), sealed, name=name)
    return sealed.getvalue()


def unseal(district: District, sealed: bytes, *, name: str) -> bytes:
    """The bytes that were sealed; raises Unsealable."""
    data = io.BytesIO()
    unseal_stream(district, io.BytesIO(sealed), data, name=name)
    return data.getvalue()


def seal_stream(district: District, source: BinaryIO, target: BinaryIO, *, name: str) -> None:
    """Seal a stream of any length in constant memory."""
    salt = secrets.token_bytes(SALT_BYTES)
    cipher = _cipher(district, salt)
    target.write(MAGIC + salt)
    target.writelines(
        cipher.encrypt(nonce, chunk, _bound(district, name)) for nonce, chunk in _numbered(source, CHUNK_BYTES)
    )


def unseal_stream(district: District, source: BinaryIO, target: BinaryIO, *, name: str) -> None:
    """Open a sealed stream in constant memory; raises Unsealable, and what was written until then must not be used."""
    header = source.read(len(MAGIC) + SALT_BYTES)
    if len(header) != len(MAGIC) + SALT_BYTES or not header.startswith(MAGIC):
        raise Unsealable(name)
    cipher = _cipher(district, header[len(MAGIC) :])
    for nonce, chunk in _numbered(source, CHUNK_BYTES + TAG_BYTES):
        try:
            target.write(cipher.decrypt(nonce, chunk, _bound(district, name)))
        except InvalidTag:
            raise Unsealable(name) from None


def seal_word(word: str, *, about: str) -> str:
    """Seal a short secret of nobody's district under the master key; `about` is what it is, and opens nothing else."""
    return base64.b64encode(_wrap(word.encode(), about.encode())).decode()


def unseal_word(sealed: str, *, about: str) -> str:
    """The word that was sealed; raises Unsealable."""
    try:
        opened = _unwrap(base64.b64decode(sealed), about.encode(), master_keys())
    except binascii.Error:
        opened = None
    if opened is None:
        raise Unsealable(about)
    return opened.decode()


def word_needs_older(sealed: str, *, about: str) -> bool:
    """Whether an older master key sealed a word, and the newest did not."""
    try:
        raw = base64.b64decode(sealed)
    except binascii.Error:
        return False
    newest, *older = master_keys()
    bound = about.encode()
    return _unwrap(raw, bound, [newest]) is None and _unwrap(raw, bound, older) is not None


def fingerprints_of(district: District, texts: Iterable[str]) -> dict[str, str]:
    """What recognises each text within one district and tells nothing of it: without the district's key it is noise."""
    key = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=FINGERPRINT).derive(_data_key(district))
    return {text: hmac.new(key, text.encode(), hashlib.sha256).hexdigest() for text in texts}


def new_data_key() -> bytes:
    """A new district's key, wrapped by the master key: nonce and ciphertext."""
    return _wrap(secrets.token_bytes(KEY_BYTES), WRAPPING)


def rewrapped(district: District) -> bytes:
    """The district's key under the newest master key. Raises Unsealable."""
    return _wrap(_data_key(district), WRAPPING)


def needs_older(district: District) -> bool:
    """Whether an older master key wraps the district's, and the newest does not. Of a lost key neither is so."""
    wrapped = bytes(district.data_key)
    newest, *older = master_keys()
    return _unwrap(wrapped, WRAPPING, [newest]) is None and _unwrap(wrapped, WRAPPING, older) is not None


def _data_key(district: District) -> bytes:
    opened = _unwrap(bytes(district.data_key), WRAPPING, master_keys())
    if opened is None:  # who fetched the district before master keys were turned, and the old one was forgotten
        now = District.objects.filter(pk=district.pk).values_list("data_key", flat=True).first()
        opened = _unwrap(bytes(now), WRAPPING, master_keys()) if now is not None else None
    if opened is None:
        raise Unsealable(f"no master key here is the one that wrapped the key of {district.code}")
    return opened


def _wrap(plain: bytes, about: bytes) -> bytes:
    """Under the newest master key: nonce and ciphertext."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(master_keys()[0]).encrypt(nonce, plain, about)


def _unwrap(wrapped: bytes, about: bytes, keys: Iterable[bytes]) -> bytes | None:
    """What one of the keys wrapped; None where none of them did."""
    for key in keys:
        try:
            return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], about)
        except InvalidTag:
            continue
    return None


def _cipher(district: District, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=STREAM).derive(_data_key(district)))


def _bound(district: District, name: str) -> bytes:
    return b"%d/%s" % (district.pk, name.encode())


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
