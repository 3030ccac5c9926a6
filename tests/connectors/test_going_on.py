"""A fetch that goes on: from the last page that was noted down, of the same source, and not of another day."""

from pathlib import Path

import pytest

from firstbell.connectors.packing import Place, Unfinished

BEGAN, OLDEST = "2026-12-01T02:05:00Z", "2026-11-30T20:05:00Z"
LATER = "2026-12-01T02:20:00Z"


def _begin(into: Path, *, fingerprint: str = "this", began: str = BEGAN, oldest: str = OLDEST) -> Unfinished:
    work = Unfinished(into, fingerprint, began, oldest=oldest, most_bytes=1_000_000)
    work.place("users", Place(limit=2))
    return work


def _keep(work: Unfinished, *ids: str) -> None:
    place = work.places["users"]
    place.received += len(ids)
    work.add(place, {"users": [{"sourcedId": one} for one in ids]})


@pytest.fixture
def died(tmp_path: Path) -> Path:
    """Two pages came; the worker died before it had noted the second."""
    work = _begin(tmp_path)
    _keep(work, "ada", "ben")
    work.note()
    _keep(work, "cai", "dee")
    return tmp_path


def test_a_page_that_was_not_noted_is_fetched_again_and_stands_there_once(died: Path) -> None:
    work = _begin(died, began=LATER)
    assert work.places["users"].received == 2
    assert work.ids("users") == {"ada", "ben"}
    assert work.began == BEGAN  # what came since the first try is asked for the next time
    _keep(work, "cai", "dee")
    assert [row["sourcedId"] for row in work.rows("users")] == ["ada", "ben", "cai", "dee"]


@pytest.mark.parametrize(("fingerprint", "oldest"), [("another", OLDEST), ("this", LATER)])
def test_what_is_of_another_source_or_too_old_is_begun_anew(died: Path, fingerprint: str, oldest: str) -> None:
    work = _begin(died, fingerprint=fingerprint, began=LATER, oldest=oldest)
    assert (work.places["users"].received, work.ids("users"), work.began) == (0, set(), LATER)


def test_a_mark_that_was_half_written_begins_anew(died: Path) -> None:
    (mark,) = died.rglob("*.json")
    mark.write_text(mark.read_text(encoding="utf-8")[:20], encoding="utf-8")
    work = _begin(died, began=LATER)
    assert (work.places["users"].received, work.ids("users")) == (0, set())
