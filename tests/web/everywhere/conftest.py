"""The world of the matrix, seen in a browser."""

from tests.matrix.conftest import made_world, world

__all__ = ["made_world", "world"]
