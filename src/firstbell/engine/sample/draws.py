"""Chance that is the same on every machine: numbers drawn by hashing row numbers.

A draw depends on the seed, on what it is for, and on the numbers of its row, and on nothing else, so any part of the
made-up district can be computed alone, in any order. The mixing is SplitMix64's finalizer (Steele, Lea and Flood,
2014) on 64-bit integers that wrap around.
"""

import hashlib
from dataclasses import dataclass

import polars as pl

_STRIDES = (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03, 0xAEF17502108EF2D9)
"""How far apart the numbers of a row put it: odd, so that no two values of one number meet."""


@dataclass(frozen=True, slots=True)
class Draws:
    """Draws of one seed. Expressions given here must be non-negative integers; results are UInt64."""

    seed: int

    def draw(self, purpose: str, *numbers: pl.Expr | int) -> pl.Expr:
        """A UInt64 for each row, evenly spread over all 64 bits; it takes up to three numbers of the row."""
        spread = _u64(self._salt(purpose))
        for number, stride in zip(numbers, _STRIDES, strict=False):
            spread = spread + (_u64(number) if isinstance(number, int) else number.cast(pl.UInt64)) * _u64(stride)
        return _mix(spread)

    def below(self, limit: pl.Expr | int, purpose: str, *numbers: pl.Expr | int) -> pl.Expr:
        """A whole number from 0 to ``limit`` - 1."""
        top = _u64(limit) if isinstance(limit, int) else limit.cast(pl.UInt64)
        return (self.draw(purpose, *numbers) // _u64(1 << 16)) % top

    def chance(self, share: float, purpose: str, *numbers: pl.Expr | int) -> pl.Expr:
        """True for about this share (0 to 1) of the rows."""
        return self.draw(purpose, *numbers) // _u64(1 << 32) < _u64(int(share * (1 << 32)))

    def _salt(self, purpose: str) -> int:
        return int.from_bytes(hashlib.blake2b(f"{self.seed}/{purpose}".encode(), digest_size=8).digest(), "big")


def _u64(number: int) -> pl.Expr:
    return pl.lit(number, dtype=pl.UInt64)


def _mix(bits: pl.Expr) -> pl.Expr:
    # Polars computes an operand anew each time it is named: mixing once is eight times the work, mixing twice 64 times.
    bits = (bits ^ (bits // _u64(1 << 30))) * _u64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits // _u64(1 << 27))) * _u64(0x94D049BB133111EB)
    return bits ^ (bits // _u64(1 << 31))
