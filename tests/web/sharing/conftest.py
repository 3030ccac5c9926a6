"""Programs are let in and shut out in the same district as the rooms are looked at."""

from tests.web.rooms.conftest import house, stranger

__all__ = ["house", "stranger"]
