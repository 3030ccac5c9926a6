"""Changes sent one by one lead to the same roster as the full list."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.district import MOMENT, District, Row, as_1p1, lakeside, planned, roster_of

from firstbell.engine.content import content_schema
from firstbell.engine.snapshot import Snapshot
from firstbell.engine.tables import TABLES, Kind

PUPILS = [f"s{number}" for number in range(5)]
FIELDS = {
    "users": ("phone", "middleName", "agentSourcedIds"),
    "classes": ("title", "location"),
    "enrollments": ("endDate",),
}

_values = {
    "phone": st.sampled_from(["", "1", "2"]),
    "middleName": st.sampled_from(["", "Ann", "Lee, Jr"]),
    "agentSourcedIds": st.sampled_from(["", "t-elm", "t-elm,t-oak"]),
    "title": st.sampled_from(["Algebra", "Geometry", 'The "new" maths']),
    "location": st.sampled_from(["", "12"]),
    "endDate": st.sampled_from(["", "2027-01-10", "2026-12-01"]),
}
_edits = st.one_of(
    st.tuples(st.just("drop"), st.sampled_from([*PUPILS, "c-elm", "m-oak", "e-s1", "e-s2", "t-oak"])),
    st.tuples(st.just("move"), st.sampled_from(PUPILS)),
    st.tuples(st.just("join"), st.sampled_from(["n1", "n2"])),
    *(st.tuples(st.just(f"{file}.{name}"), _values[name].map(str)) for file, names in FIELDS.items() for name in names),
)


def _edited(district: District, edits: list[tuple[str, str]], draw: st.DataObject) -> District:
    for what, value in edits:
        if what == "drop":
            district = district.without(value)
        elif what == "move":
            _move(district, value)
        elif what == "join":
            _join(district, value)
        else:
            file, name = what.split(".")
            if district[file]:
                row = draw.draw(st.sampled_from(district[file]))
                row[name] = ",".join(i for i in value.split(",") if name != "agentSourcedIds" or _has(district, i))
    return district


def _has(district: District, person: str) -> bool:
    return any(user["sourcedId"] == person for user in district["users"])


def _move(district: District, person: str) -> None:
    """To the other school, in roles and in enrollments, under the same ids."""
    schools = {org["sourcedId"] for org in district["orgs"]}
    for role in district["roles"]:
        if role["userSourcedId"] == person:
            role["orgSourcedId"] = next(s for s in ("elm", "oak") if s != role["orgSourcedId"] and s in schools)
    for enrollment in district["enrollments"]:
        other = next((c for c in district["classes"] if c["sourcedId"] != enrollment["classSourcedId"]), None)
        if enrollment["userSourcedId"] == person and other:
            enrollment.update(classSourcedId=other["sourcedId"], schoolSourcedId=other["schoolSourcedId"])


def _join(district: District, person: str) -> None:
    if _has(district, person):
        return
    district["users"].append(
        {"sourcedId": person, "enabledUser": "true", "username": person, "givenName": "New", "familyName": person}
    )
    district["roles"].append(
        {"sourcedId": f"r-{person}", "userSourcedId": person, "roleType": "primary"}
        | {"role": "student", "orgSourcedId": "elm"}
    )


def _delta(before: District, after: District) -> District:
    """Only what differs: new and other rows as active, lost ones as tobedeleted."""
    files: dict[str, list[Row]] = {}
    for file, rows in after.files.items():
        old = {row["sourcedId"]: row for row in before[file]}
        new = {row["sourcedId"]: row for row in rows}
        stated = [
            {**row, "status": "active", "dateLastModified": MOMENT} for key, row in new.items() if row != old.get(key)
        ]
        lost = [
            {**row, "status": "tobedeleted", "dateLastModified": MOMENT} for key, row in old.items() if key not in new
        ]
        if stated or lost:
            files[file] = stated + lost
    return District(files, after.version, dict.fromkeys(files, "delta"))


def _said(known: Snapshot) -> dict[str, pl.DataFrame]:
    """The live roster in the source's own words: references as the ids that the source gave."""
    names = {table: known.live(table).select(pl.col("row_id").cast(pl.String).alias("row"), "key") for table in TABLES}
    said = {}
    for name, table in TABLES.items():
        rows = known.live(name).select("key", *content_schema(name))
        for column in table.references:
            if column.name == "sourcedId":
                continue
            calls = dict(zip(*(names[column.target or ""][part].to_list() for part in ("row", "key")), strict=True))
            cells = pl.col(column.name).cast(pl.String)
            if column.kind is Kind.REFS:
                items = cells.str.split(",").list.eval(pl.element().replace_strict(calls, default="gone")).list.sort()
                rows = rows.with_columns(items.list.join(",").alias(column.name))
            else:
                rows = rows.with_columns(cells.replace_strict(calls, default=None, return_dtype=pl.String))
        said[name] = rows.sort("key")
    return said


def _assert_alike(one: Snapshot, other: Snapshot) -> None:
    ours, theirs = _said(one), _said(other)
    for name in TABLES:
        assert ours[name].equals(theirs[name]), f"{name}:\n{ours[name]}\n{theirs[name]}"


@settings(max_examples=25, deadline=None)
@given(edits=st.lists(_edits, max_size=6), draw=st.data())
def test_a_delta_and_the_full_list_lead_to_the_same_roster(edits: list[tuple[str, str]], draw: st.DataObject) -> None:
    before = lakeside(5)
    after = _edited(before.copy(), edits, draw)
    by_list = roster_of(before, after)
    by_delta = roster_of(before)
    by_delta.take(planned(_delta(before, after), by_delta).comparison)
    _assert_alike(by_list, by_delta)


@settings(max_examples=12, deadline=None)
@given(edits=st.lists(_edits, max_size=4), draw=st.data())
def test_so_do_they_in_1_1(edits: list[tuple[str, str]], draw: st.DataObject) -> None:
    before = lakeside(5)
    after = _edited(before.copy(), edits, draw)
    old, new = as_1p1(before), as_1p1(after)
    by_list = roster_of(old, new)
    by_delta = roster_of(old)
    by_delta.take(planned(_delta(old, new), by_delta).comparison)
    _assert_alike(by_list, by_delta)


@settings(max_examples=12, deadline=None)
@given(edits=st.lists(_edits, max_size=5), draw=st.data())
def test_going_back_to_the_full_list_of_yesterday_brings_everyone_back_under_their_row(
    edits: list[tuple[str, str]], draw: st.DataObject
) -> None:
    before = lakeside(5)
    known = roster_of(before)
    rows = {name: known.live(name).select("key", "row_id") for name in TABLES}
    after = _edited(before.copy(), edits, draw)
    for district in (after, before):
        known.take(planned(district, known).comparison)
    _assert_alike(known, roster_of(before))
    for name in TABLES:
        assert known.live(name).select("key", "row_id").equals(rows[name]), name
