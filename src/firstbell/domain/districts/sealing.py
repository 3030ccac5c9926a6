"""Sealing what a district's files hold, under a key of the district that the master key wraps (``sealed_streams``).

The district and the stream's name go into every tag: a stream opens under no other name or district.
"""

import base64
import binascii
import hashlib
import hmac
import io
import secrets
from collections.abc import Iterable
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from firstbell.domain.districts.master_keys import master_keys
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealed_streams import KEY_BYTES, NONCE_BYTES, Unsealable, seal_with, unseal_with

WRAPPING = b"firstbell district key"
FINGERPRINT = b"firstbell fingerprint"


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
    seal_with(_data_key(district), source, target, bound=_bound(district, name))


def unseal_stream(district: District, source: BinaryIO, target: BinaryIO, *, name: str) -> None:
    """Open a sealed stream in constant memory; raises Unsealable, and what was written until then must not be used."""
    unseal_with(_data_key(district), source, target, bound=_bound(district, name))


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


def _bound(district: District, name: str) -> bytes:
    return b"%d/%s" % (district.pk, name.encode())
