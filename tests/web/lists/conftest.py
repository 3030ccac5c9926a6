"""A district of its own for each test, with nothing on its roster yet."""

from tests.web.rooms.conftest import house, stranger
from tests.web.runs.conftest import office, work

__all__ = ["house", "office", "stranger", "work"]
