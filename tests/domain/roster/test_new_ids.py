"""New ids that a source announces: everybody keeps their place, all or none, and never twice."""

import pytest
from tests.domain.imports.conftest import sis
from tests.domain.imports.rosters import PRINCIPAL, Door, changes, published, row_id, state
from tests.engine.district import District as Roster
from tests.engine.district import lakeside

from firstbell.domain.roster.new_ids import BadNewIds, Pair, declare_new_ids, read_new_ids

__all__ = ["sis"]
STUDENTS = [f"s{number}" for number in range(4)]


def _declare(sis: Door, *pairs: Pair, table: str = "users") -> int:
    return declare_new_ids(sis.district, sis.source, table, pairs, by=PRINCIPAL)


def _with_ids(pairs: dict[str, str], students: int = 4) -> Roster:
    """The roster with other ids of people, wherever they are named."""
    roster = lakeside(students)
    for rows in roster.files.values():
        for row in rows:
            row.update({name: pairs[row[name]] for name in ("sourcedId", "userSourcedId") if row.get(name) in pairs})
    return roster


def test_after_it_the_renumbered_file_changes_nobody_and_nothing_waits(sis: Door) -> None:
    sis.bring(lakeside())
    before, rows = published(sis.district), [row_id(sis, "users", key) for key in STUDENTS]
    new = {key: f"2027-{key}" for key in STUDENTS}
    assert _declare(sis, *new.items()) == 4
    run = sis.bring(_with_ids(new))
    assert (run.state, changes(run).get("users", {})) == ("applied", {})
    assert published(sis.district) == before
    assert [row_id(sis, "users", key) for key in new.values()] == rows
    run = sis.bring(_with_ids(new, 5))
    assert changes(run)["users"] == {"added": 1}


def test_two_may_change_places_and_a_row_may_take_the_id_that_another_leaves(sis: Door) -> None:
    sis.bring(lakeside())
    rows = {key: row_id(sis, "users", key) for key in STUDENTS}
    _declare(sis, ("s0", "s1"), ("s1", "s0"), ("s2", "s3"), ("s3", "s9"))
    now = {key: row_id(sis, "users", key) for key in ("s1", "s0", "s3", "s9")}
    assert list(now.values()) == list(rows.values())
    assert sis.bring(_with_ids({"s0": "s1", "s1": "s0", "s2": "s3", "s3": "s9"})).state == "applied"


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([("s0", "n0"), ("nobody", "n1")], "nobody is no id that sis has sent"),
        ([("s0", "n0"), ("s0", "n1")], "s0 stands there twice"),
        ([("s0", "n0"), ("s1", "n0")], "two are to become n0"),
        ([("s0", "s1")], "s1 is somebody or something else already"),
    ],
)
def test_what_cannot_be_is_told_and_changes_nothing_at_all(sis: Door, pairs: list[Pair], says: str) -> None:
    sis.bring(lakeside())
    before = state(sis.district)
    with pytest.raises(BadNewIds, match=says):
        _declare(sis, *pairs)
    assert state(sis.district) == before


@pytest.mark.parametrize("pairs", [[("s0", "n0")], [("s0", "s1"), ("s1", "s0")], [("s0", "s1"), ("s1", "n1")]])
def test_the_same_is_not_taken_twice(sis: Door, pairs: list[Pair]) -> None:
    sis.bring(lakeside())
    _declare(sis, *pairs)
    before = state(sis.district)
    with pytest.raises(BadNewIds, match="taken already"):
        _declare(sis, *reversed(pairs))
    assert state(sis.district) == before
    assert _declare(sis, *((new, old) for old, new in pairs[:1] if len(pairs) == 1)) == (len(pairs) == 1)


def test_another_source_keeps_its_ids_and_a_look_changes_nothing(sis: Door) -> None:
    sis.bring(lakeside())
    before = state(sis.district)
    assert declare_new_ids(sis.district, sis.source, "classes", [("c-elm", "new")], by=PRINCIPAL, only_look=True) == 1
    assert state(sis.district) == before
    with pytest.raises(BadNewIds):
        _declare(sis, ("e-s0", "n0"), table="enrollments")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "first line"),
        (b"a,b\n1,2\n", "first line"),
        (b"old,new\n", "no line"),
        (b"old,new\ns0,n0\ns1,\n", "Line 3"),
        (b"old,new\n\xff\xfe,n0\n", "UTF-8"),
        (b"old,new\n" + b"x" * 300 + b",n0\n", "Line 2"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line(body: bytes, says: str) -> None:
    with pytest.raises(BadNewIds, match=says):
        read_new_ids(body)


def test_columns_may_come_in_any_order_with_others_between() -> None:
    body = '\ufeffNew,Name,oldSourcedId\r\nn0,"Ana, Lopez",s0\r\n\r\n n1 ,Bo,s1\r\n'.encode()
    assert read_new_ids(body) == [("s0", "n0"), ("s1", "n1")]
