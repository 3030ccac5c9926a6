"""What was sealed opens as it was, or not at all."""

import io
import itertools

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as some
from pytest_django import Settings

from firstbell.domain.districts import sealing
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealed_streams import CHUNK_BYTES, KEY_BYTES, MAGIC, SALT_BYTES, TAG_BYTES, Unsealable
from firstbell.domain.districts.sealing import (
    new_data_key,
    seal,
    seal_stream,
    unseal,
    unseal_stream,
)

HEADER = len(MAGIC) + SALT_BYTES
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES
NAME = "runs/1/changes.parquet"


@pytest.fixture
def lakeside() -> District:
    """A district that no database knows."""
    return District(pk=1, code="lakeside", data_key=new_data_key())


@pytest.fixture
def three_chunks(lakeside: District) -> bytes:
    """Two full chunks and a bit, sealed."""
    return seal(lakeside, b"a" * CHUNK_BYTES + b"b" * CHUNK_BYTES + b"c" * 10, name=NAME)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES])
def test_what_is_sealed_opens_as_it_was(lakeside: District, size: int) -> None:
    data = bytes(itertools.islice(itertools.cycle(range(256)), size))
    assert unseal(lakeside, seal(lakeside, data, name=NAME), name=NAME) == data


def test_a_stream_that_trickles_is_sealed_whole(lakeside: District) -> None:
    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size or 0, 1000))

    sealed, opened = io.BytesIO(), io.BytesIO()
    seal_stream(lakeside, Trickle(b"x" * (CHUNK_BYTES + 5)), sealed, name=NAME)
    unseal_stream(lakeside, Trickle(sealed.getvalue()), opened, name=NAME)
    assert opened.getvalue() == b"x" * (CHUNK_BYTES + 5)


def test_sealed_data_shows_nothing_and_never_looks_the_same_twice(lakeside: District) -> None:
    first, second = (seal(lakeside, b"Ada Lovelace" * 10, name=NAME) for _ in range(2))
    assert b"Ada" not in first
    assert first != second


@effort(max_examples=60)
@given(place=some.integers(min_value=0, max_value=10_000), bit=some.integers(min_value=0, max_value=7))
def test_one_changed_bit_anywhere_is_noticed(place: int, bit: int) -> None:
    district = District(pk=1, code="lakeside", data_key=new_data_key())
    sealed = bytearray(seal(district, b"Ada Lovelace" * 10, name=NAME))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises(Unsealable):
        unseal(district, bytes(sealed), name=NAME)


@pytest.mark.parametrize("end", [0, 5, HEADER, HEADER + 1, HEADER + SEALED_CHUNK, HEADER + 2 * SEALED_CHUNK, -1])
def test_truncation_is_noticed_even_between_chunks(lakeside: District, three_chunks: bytes, end: int) -> None:
    with pytest.raises(Unsealable):
        unseal(lakeside, three_chunks[:end], name=NAME)


def test_something_added_is_noticed(lakeside: District, three_chunks: bytes) -> None:
    for more in (b"\0", three_chunks[HEADER : HEADER + SEALED_CHUNK]):
        with pytest.raises(Unsealable):
            unseal(lakeside, three_chunks + more, name=NAME)


def test_reordered_chunks_are_noticed(lakeside: District, three_chunks: bytes) -> None:
    first, second = HEADER, HEADER + SEALED_CHUNK
    third = second + SEALED_CHUNK
    swapped = three_chunks[:first] + three_chunks[second:third] + three_chunks[first:second] + three_chunks[third:]
    with pytest.raises(Unsealable):
        unseal(lakeside, swapped, name=NAME)


def test_a_chunk_of_another_file_is_noticed(lakeside: District, three_chunks: bytes) -> None:
    other = seal(lakeside, b"z" * 3 * CHUNK_BYTES, name=NAME)
    mixed = three_chunks[:HEADER] + other[HEADER : HEADER + SEALED_CHUNK] + three_chunks[HEADER + SEALED_CHUNK :]
    with pytest.raises(Unsealable):
        unseal(lakeside, mixed, name=NAME)


def test_a_file_in_another_files_place_is_noticed(lakeside: District, three_chunks: bytes) -> None:
    with pytest.raises(Unsealable):
        unseal(lakeside, three_chunks, name="runs/2/changes.parquet")


def test_a_file_of_another_district_does_not_open(lakeside: District, three_chunks: bytes) -> None:
    with pytest.raises(Unsealable):
        unseal(District(pk=2, code="hilltop", data_key=new_data_key()), three_chunks, name=NAME)


def test_a_file_does_not_open_for_a_district_that_was_given_the_others_key(
    lakeside: District, three_chunks: bytes
) -> None:
    with pytest.raises(Unsealable):
        unseal(District(pk=2, code="hilltop", data_key=lakeside.data_key), three_chunks, name=NAME)


@pytest.mark.usefixtures("database")  # where the key is looked for once more
def test_nothing_opens_without_the_master_key(lakeside: District, three_chunks: bytes, settings: Settings) -> None:
    settings.FIRSTBELL_MASTER_KEY = "A" * 43 + "="
    with pytest.raises(Unsealable):
        unseal(lakeside, three_chunks, name=NAME)


def test_the_districts_key_is_not_kept_in_clear(lakeside: District) -> None:
    assert sealing._data_key(lakeside) not in bytes(lakeside.data_key)
    assert len(sealing._data_key(lakeside)) == KEY_BYTES
