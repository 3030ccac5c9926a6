"""Passwords that a child can type."""

import pytest

from firstbell.domain.accounts.passphrases import WORDS, new_password


@pytest.mark.parametrize("least", [1, 4, 6, 8, 15, 32])
def test_a_password_is_of_words_and_a_number_and_as_long_as_is_asked(least: int) -> None:
    *words, number = new_password(least).split("-")
    assert set(words) <= set(WORDS)
    assert 10 <= int(number) <= 99
    assert len("-".join([*words, number])) >= least
    assert len(words) >= (1 if least <= 4 else 2)


def test_no_word_stands_twice_and_no_two_passwords_are_alike() -> None:
    assert len(set(WORDS)) == len(WORDS) > 280
    assert len({new_password(8) for _ in range(100)}) > 95
