"""Whether a method still fits, from what a district has and does."""

import dataclasses
import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from django.utils import timezone

from firstbell.domain.advice.moves import count_moves
from firstbell.domain.advice.settings import AdviceSettings, Watching
from firstbell.domain.advice.watching import Evidence, answers_from, find_fit, gather_evidence
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import OPERATOR, SYSTEM, Actor
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.actions import BadDistrict, change_method
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import add_source
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

SETTINGS = AdviceSettings()
QUIET = Evidence(accounts=120, students=100, schools=3, weeks=8, edits=0, moves=0, file_days=0)


def _method(evidence: Evidence) -> tuple[str | None, str | None, str | None]:
    answers = answers_from(evidence, Watching())
    return answers.mobility, answers.frequency, answers.current


@pytest.mark.parametrize(
    ("change", "acts"),
    [
        ({}, ("rarely", "yearly", "manual")),
        ({"edits": 8}, ("rarely", "as-needed", "manual")),
        ({"edits": 80}, ("rarely", "weekly", "manual")),
        ({"file_days": 2}, ("rarely", "yearly", "manual")),
        ({"file_days": 4}, ("rarely", "weekly", "sis")),
        ({"file_days": 40}, ("rarely", "daily", "sis")),
        ({"moves": 1}, ("often", "yearly", "manual")),
        ({"moves": 1, "students": 1000}, ("rarely", "yearly", "manual")),
        ({"moves": 9, "schools": 1}, (None, "yearly", "manual")),
        ({"weeks": 1.5, "edits": 100}, (None, None, None)),
    ],
)
def test_what_a_district_does_answers_the_questions(
    change: dict[str, float], acts: tuple[str | None, str | None, str | None]
) -> None:
    assert _method(dataclasses.replace(QUIET, **change)) == acts  # type: ignore[arg-type]


@pytest.fixture
def source(district: District) -> Source:
    return add_source(district, "SIS", by=OPERATOR)


def _applied(district: District, source: Source, out: Path, tables: dict[str, pl.DataFrame]) -> Run:
    write(tables, out, version="1.2")
    run = carry_out(district, receive_path(district, source, out, by=OPERATOR))
    if run.state == "held":
        from firstbell.domain.imports.actions import approve_run

        approve_run(district, run, by=OPERATOR)
        run = carry_out(district, run)
    assert run.state == "applied", run.message
    return run


def _schools(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    students = tables["roles"].filter(pl.col("role") == "student")
    return students.select("userSourcedId", "orgSourcedId")


def test_moves_are_those_of_students_whose_school_is_another(
    district: District, source: Source, tmp_path: Path
) -> None:
    before, after = sample(2000, seed=3), sample(2000, seed=3, day=3, churn=0.03)
    moved = (
        _schools(before)
        .join(_schools(after), on="userSourcedId")
        .filter(pl.col("orgSourcedId") != pl.col("orgSourcedId_right"))
    )
    assert moved.height > 3
    since = timezone.now() - dt.timedelta(days=1)
    _applied(district, source, tmp_path / "before.zip", before)
    assert count_moves(district, since) == 0
    _applied(district, source, tmp_path / "after.zip", after)
    assert count_moves(district, since) == moved.height
    assert count_moves(district, timezone.now() + dt.timedelta(days=1)) == 0


def test_evidence_counts_people_files_by_day_and_edits_by_people_alone(
    district: District, other_district: District, source: Source, tmp_path: Path
) -> None:
    tables = sample(60, seed=2)
    _applied(district, source, tmp_path / "roster.zip", tables)
    teacher = Actor("account", "7", "Tia Teacher")
    with within(district):
        for by, verb in ((teacher, "class.members_added"), (teacher, "user.moved"), (SYSTEM, "user.edited")):
            record(district.pk, verb, by=by, subject_kind="user", subject_id=1)
        record(district.pk, "member.added", by=teacher, subject_kind="membership", subject_id=1)
    with within(other_district):
        record(other_district.pk, "user.edited", by=teacher, subject_kind="user", subject_id=1)
    found = gather_evidence(district, Watching(), now=timezone.now())
    assert found.accounts == tables["users"].height
    assert found.students == 60
    assert (found.edits, found.moves, found.file_days) == (2, 1, 1)
    assert found.is_early


def _aged(district: District, weeks: int) -> District:
    """The district as if it had been there for so long."""
    district.created_at = timezone.now() - dt.timedelta(weeks=weeks)
    return district


def test_a_district_without_a_roster_is_told_nothing(district: District) -> None:
    fit = find_fit(_aged(district, 20), SETTINGS, now=timezone.now())
    assert (fit.advice, fit.fits) == (None, True)


def test_a_young_district_is_not_told_to_change(district: District, source: Source, tmp_path: Path) -> None:
    _applied(district, source, tmp_path / "roster.zip", sample(20, seed=2))
    fit = find_fit(district, SETTINGS, now=timezone.now())
    assert fit.advice is not None
    assert fit.advice.method != district.method
    assert fit.fits


def test_a_method_that_does_not_fit_any_more_gets_a_proposal(
    district: District, source: Source, tmp_path: Path
) -> None:
    _applied(district, source, tmp_path / "roster.zip", sample(20, seed=2))
    fit = find_fit(_aged(district, 20), SETTINGS, now=timezone.now())
    assert fit.advice is not None
    assert (fit.fits, fit.advice.method) == (False, "self_managed")
    change_method(district, "self_managed", by=OPERATOR)
    assert find_fit(district, SETTINGS, now=timezone.now()).fits


def test_changing_the_method_is_one_act_that_is_written_down_and_moves_no_row(
    district: District, source: Source, tmp_path: Path
) -> None:
    _applied(district, source, tmp_path / "roster.zip", sample(20, seed=2))
    district.refresh_from_db()
    stamp = district.last_stamp
    change_method(district, "assisted", by=OPERATOR)
    district.refresh_from_db()
    assert (district.method, district.last_stamp) == ("assisted", stamp)
    with within(district):
        event = list_events(district.pk, subject_kind="district")[0]
    assert (event.verb, event.detail) == ("district.method_changed", {"before": "automated", "after": "assisted"})
    for wrong in ("assisted", "by_magic"):
        with pytest.raises(BadDistrict):
            change_method(district, wrong, by=OPERATOR)
