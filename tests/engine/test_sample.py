"""The made-up district: valid by construction, the same everywhere, and changing a little from day to day."""

import hashlib
from itertools import pairwise

import polars as pl
import pytest

from firstbell.engine.sample import sample
from firstbell.engine.sample.draws import Draws
from firstbell.engine.tables import LIST_KINDS, TABLES, Kind
from firstbell.engine.vocabulary import GRADES_1P1, VOCABULARIES

type Roster = dict[str, pl.DataFrame]

_ID = r"^[0-9A-Za-z.\-_/@]{1,255}$"
_SIZES_BY_DAY = [(1, 0), (40, 30), (150, 0), (1_000, 3), (3_000, 200)]


@pytest.fixture(scope="module")
def days() -> list[Roster]:
    """Days 0 to 3 of a district of 4,000 students."""
    return [sample(4_000, day=day) for day in range(4)]


def _said(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    return rows.select(column.name for column in TABLES[name].columns)


def _changes(before: Roster, after: Roster, name: str) -> dict[str, pl.DataFrame]:
    old, new = _said(before[name], name), _said(after[name], name)
    both = new.join(old.select("sourcedId"), on="sourcedId", how="semi")
    return {
        "added": new.join(old, on="sourcedId", how="anti"),
        "removed": old.join(new, on="sourcedId", how="anti"),
        "updated": both.join(old, on=both.columns, how="anti", nulls_equal=True),
    }


def _touched_students(before: Roster, after: Roster) -> pl.Series:
    people = [part["sourcedId"] for part in _changes(before, after, "users").values()]
    seats = [
        part.filter(pl.col("role") == "student")["userSourcedId"]
        for part in _changes(before, after, "enrollments").values()
    ]
    touched = pl.concat([*people, *seats]).unique()
    return touched.filter(touched.str.starts_with("stu-"))


@pytest.mark.parametrize(("students", "day"), _SIZES_BY_DAY)
def test_every_table_is_canonical(students: int, day: int) -> None:
    roster = sample(students, day=day, churn=0.05)
    assert roster.keys() == TABLES.keys()
    for name, rows in roster.items():
        assert rows.schema == {
            **{column.name: pl.String for column in TABLES[name].columns},
            "_file": pl.String,
            "_record": pl.UInt32,
        }
        assert rows["sourcedId"].n_unique() == rows.height
        assert rows["_record"].to_list() == list(range(1, rows.height + 1))
        assert rows["sourcedId"].str.contains(_ID).all()


@pytest.mark.parametrize(("students", "day"), _SIZES_BY_DAY)
def test_required_values_are_there_and_words_are_words(students: int, day: int) -> None:
    roster = sample(students, day=day, churn=0.05)
    for name, rows in roster.items():
        for column in TABLES[name].columns:
            values = rows[column.name].drop_nulls()
            assert not column.required or values.len() == rows.height, (name, column.name)
            assert not (values == "").any(), (name, column.name)
            if column.vocabulary and column.vocabulary != "userRole":
                assert values.is_in(VOCABULARIES[column.vocabulary].v1p1).all(), (name, column.name)
            if column.vocabulary == "userRole":
                assert values.is_in(VOCABULARIES["userRole"].v1p2).all()
            if column.kind is Kind.GRADES:
                assert values.str.split(",").explode().is_in(GRADES_1P1).all()


@pytest.mark.parametrize(("students", "day"), _SIZES_BY_DAY)
def test_every_reference_is_found(students: int, day: int) -> None:
    roster = sample(students, day=day, churn=0.05)
    for name, rows in roster.items():
        for column in TABLES[name].references:
            named = rows[column.name].drop_nulls()
            ids = named.str.split(",").explode() if column.kind in LIST_KINDS else named
            assert ids.is_in(roster[column.target or ""]["sourcedId"].implode()).all(), (name, column.name)


@pytest.mark.parametrize("day", [0, 60, 300])
def test_enrollments_lie_within_the_sessions_of_their_class(day: int) -> None:
    roster = sample(1_500, day=day)
    sessions = roster["academicSessions"].select("startDate", "endDate", session="sourcedId")
    spans = (
        roster["classes"]
        .select(classSourcedId="sourcedId", school="schoolSourcedId", session=pl.col("termSourcedIds").str.split(","))
        .explode("session")
        .join(sessions, on="session")
        .group_by("classSourcedId", "school")
        .agg(pl.col("startDate").min(), pl.col("endDate").max())
    )
    seats = roster["enrollments"].join(spans, on="classSourcedId", how="left")
    assert (seats["beginDate"] >= seats["startDate"]).all()
    assert (seats["endDate"] <= seats["endDate_right"]).all()
    assert (seats["beginDate"] < seats["endDate"]).all()
    assert (seats["schoolSourcedId"] == seats["school"]).all()


def test_nobody_is_in_a_class_twice_and_log_in_names_differ(days: list[Roster]) -> None:
    for roster in days:
        assert not roster["enrollments"].select("userSourcedId", "classSourcedId").is_duplicated().any()
        assert not roster["users"]["username"].str.to_lowercase().is_duplicated().any()
        assert not roster["users"]["email"].drop_nulls().is_duplicated().any()
        assert not roster["users"]["identifier"].is_duplicated().any()
        assert not roster["classes"].select("schoolSourcedId", "classCode").is_duplicated().any()


def test_classes_have_about_25_students_and_one_primary_teacher(days: list[Roster]) -> None:
    enrollments = days[0]["enrollments"]
    sizes = enrollments.filter(pl.col("role") == "student").group_by("classSourcedId").len()["len"]
    assert sizes.len() == days[0]["classes"].height
    assert sizes.max() == 25
    assert sizes.sum() / sizes.len() > 20
    primary = enrollments.filter(pl.col("primary") == "true")["classSourcedId"]
    assert primary.n_unique() == primary.len() == days[0]["classes"].height
    assert (enrollments.filter(pl.col("role") == "student").group_by("userSourcedId").len()["len"] == 6).all()


def test_students_learn_in_the_school_of_their_role(days: list[Roster]) -> None:
    homes = days[3]["roles"].filter(pl.col("role") == "student").select("userSourcedId", "orgSourcedId")
    seats = days[3]["enrollments"].filter(pl.col("role") == "student").join(homes, on="userSourcedId", how="left")
    assert (seats["schoolSourcedId"] == seats["orgSourcedId"]).all()


def test_names_reach_beyond_western_europe_and_ids_keep_their_zeros(days: list[Roster]) -> None:
    users = days[0]["users"]
    names = "".join(users["familyName"].unique().to_list() + users["givenName"].unique().to_list())
    assert {"'", "-", "é", "ł", "ş", "Đ"} <= set(names)
    assert users["identifier"].str.starts_with("0").any()
    assert users["familyName"].n_unique() > 150
    assert users["username"].str.contains(r"^[a-z0-9.]+$").all()


def test_the_same_options_give_the_same_district_on_every_machine() -> None:
    one, two = sample(300, seed=7, day=5), sample(300, seed=7, day=5)
    assert all(one[name].equals(two[name]) for name in TABLES)
    assert not one["users"].equals(sample(300, seed=8, day=5)["users"])
    # Made once on one machine; a difference means that every sample has changed.
    text = "".join(rows.write_csv() for rows in one.values())
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "9f88f3f25bfee314"


def test_draws_are_splitmix64() -> None:
    def mixed(bits: int) -> int:
        bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        bits = (bits ^ bits >> 27) * 0x94D049BB133111EB % 2**64
        return bits ^ bits >> 31

    salt = int.from_bytes(hashlib.blake2b(b"3/coin", digest_size=8).digest(), "big")
    numbers = [0, 1, 2, 600_000]
    drawn = pl.select(no=pl.Series(numbers)).select(Draws(3).draw("coin", pl.col("no"), 5)).to_series()
    strides = (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03)
    assert drawn.to_list() == [mixed((salt + number * strides[0] + 5 * strides[1]) % 2**64) for number in numbers]


def test_day_0_is_the_district_without_a_day(days: list[Roster]) -> None:
    no_churn = sample(4_000, day=3, churn=0)
    assert all(days[0][name].equals(no_churn[name]) for name in TABLES)
    assert all(days[0][name].equals(sample(4_000)[name]) for name in TABLES)


def test_a_day_touches_about_its_share_of_the_students(days: list[Roster]) -> None:
    for before, after in pairwise(days):
        assert 20 <= _touched_students(before, after).len() <= 60


def test_a_day_renames_moves_drops_joins_and_takes_leave() -> None:
    before, after = sample(30_000), sample(30_000, day=1)
    people = _changes(before, after, "users")
    renamed = (
        people["updated"]
        .join(before["users"], on="sourcedId")
        .filter(pl.col("familyName") != pl.col("familyName_right"))
    )
    moved = (
        people["updated"]
        .join(before["users"], on="sourcedId")
        .filter(pl.col("primaryOrgSourcedId") != pl.col("primaryOrgSourcedId_right"))
    )
    assert 50 <= renamed.height <= 130
    assert 30 <= moved.height <= 90
    assert people["added"].height == 60
    assert 25 <= people["removed"].height <= 70
    assert (renamed["givenName"] == renamed["givenName_right"]).all()
    assert (renamed["username"] == renamed["username_right"]).all()
    roles = _changes(before, after, "roles")["updated"]
    assert set(roles["userSourcedId"]) == set(moved["sourcedId"])
    stayed = after["users"].join(moved, on="sourcedId", how="anti").join(people["added"], on="sourcedId", how="anti")
    dropped = _changes(before, after, "enrollments")["removed"].join(
        stayed, left_on="userSourcedId", right_on="sourcedId", how="semi"
    )
    assert 30 <= dropped.filter(pl.col("role") == "student").height <= 90
    assert 0 < _changes(before, after, "classes")["updated"].height < 20


def test_schools_courses_and_sessions_stay_as_they_are(days: list[Roster]) -> None:
    for name in ("orgs", "academicSessions", "courses"):
        assert days[0][name].equals(days[3][name])


def test_what_happened_stays_so_on_later_days(days: list[Roster]) -> None:
    joined = _changes(days[0], days[1], "users")["added"]["sourcedId"]
    left = _changes(days[0], days[1], "users")["removed"]["sourcedId"]
    later = days[3]["users"]["sourcedId"]
    assert joined.is_in(later.implode()).sum() >= joined.len() - 1
    assert left.is_in(later.implode()).sum() <= 1


def test_few_who_left_return_under_their_old_id_with_new_enrollments() -> None:
    before, later = sample(2_000, churn=0.2), [sample(2_000, day=day, churn=0.2) for day in (4, 12)]
    away = before["users"].join(later[0]["users"], on="sourcedId", how="anti")
    back = away.join(later[1]["users"], on="sourcedId", how="semi")
    assert 0 < back.height < away.height / 2
    seats = [
        roster["enrollments"].join(back, left_on="userSourcedId", right_on="sourcedId", how="semi")["sourcedId"]
        for roster in (before, later[1])
    ]
    assert seats[1].len() > 0
    assert not seats[1].is_in(seats[0].implode()).any()


@pytest.mark.parametrize(
    ("students", "day", "churn"), [(0, 0, 0.01), (-1, 0, 0.01), (10, -1, 0.01), (10, 0, 1.5), (9_999_999, 50, 0.1)]
)
def test_what_makes_no_district_is_refused(students: int, day: int, churn: float) -> None:
    with pytest.raises(ValueError, match=r"student|day|churn"):
        sample(students, day=day, churn=churn)
