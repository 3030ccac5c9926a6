"""`firstbell import` and what follows from it: exit codes, JSON, clear lines, and never a traceback."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.engine.district import District as Roster
from tests.engine.district import lakeside, write_files
from tests.engine.formats.lists import SIMPLE, write_lists

from firstbell.cli import carrying
from firstbell.cli.main import main
from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.models import Source, User
from firstbell.domain.roster.sources import change_settings, find_source


def firstbell(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def bring(district: District, package: Path, *more: str) -> Result:
    return firstbell("import", package, "--district", district.code, "--source", "sis", *more)


def latest(district: District) -> Run:
    with within(district):
        return Run.objects.filter(district_id=district.pk).latest("id")


def people(district: District) -> int:
    with within(district):
        return User.objects.filter(district_id=district.pk, removed_at=None).count()


def owners(district: District) -> set[str]:
    """The names of the sources that own anybody."""
    with within(district):
        owning = User.objects.filter(district_id=district.pk, source_id__isnull=False).values("source_id")
        return set(Source.objects.filter(district_id=district.pk, pk__in=owning).values_list("name", flat=True))


@pytest.fixture
def full(tmp_path: Path) -> Path:
    return lakeside(40).write(tmp_path / "full")


@pytest.fixture
def halved(tmp_path: Path) -> Path:
    return lakeside(40).without(*(f"s{number}" for number in range(20))).write(tmp_path / "halved")


def test_a_filled_in_template_is_imported_like_every_format(database: None, tmp_path: Path) -> None:
    code = f"new-{uuid.uuid4().hex}"
    for added in ("people: 5 added", ""):
        result = firstbell("import", write_lists(tmp_path / "lists", SIMPLE), "--district", code, "--source", "office")
        assert result.exit_code == 0, result.output
        assert added in result.stdout
        assert bool(added) == ("added" in result.stdout)
    district = find_district(code)
    assert district is not None
    assert (people(district), owners(district)) == (5, {"office"})


def test_an_import_makes_the_district_and_the_source_where_they_are_new(database: None, full: Path) -> None:
    code = f"new-{uuid.uuid4().hex}"
    result = firstbell(
        "import", full, "--district", code, "--source", "sis", "--name", "New Hope", "--method", "assisted"
    )
    assert result.exit_code == 0, result.output
    district = find_district(code)
    assert district is not None
    assert (district.name, district.method) == ("New Hope", "assisted")
    assert find_source(district, "sis") is not None
    assert "people: 42 added" in result.stdout
    assert result.stderr == ""


def test_the_json_of_an_import_has_what_programs_need(district: District, full: Path) -> None:
    result = bring(district, full, "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert set(told) == {"run", "state", "changes", "reasons", "seconds"}
    assert (told["run"], told["state"], told["reasons"]) == (latest(district).pk, "applied", [])
    assert told["changes"]["users"] == {"added": 42, "updated": 0, "removed": 0, "restored": 0, "unchanged": 0}
    assert {"read", "check", "compare", "guard", "apply", "verify"} <= set(told["seconds"])


def test_the_same_file_again_is_applied_and_changes_nothing(district: District, full: Path) -> None:
    bring(district, full)
    result = bring(district, full)
    assert result.exit_code == 0
    assert "nothing changed" in result.stdout


def test_a_dry_run_tells_what_would_be_and_changes_nothing(district: District, full: Path, halved: Path) -> None:
    told = json.loads(bring(district, full, "--dry-run", "--json").stdout)
    assert (told["state"], told["dry_run"]) == ("applied", True)
    assert people(district) == 0
    bring(district, full)
    result = bring(district, halved, "--dry-run")
    assert result.exit_code == 3
    assert "would be held" in result.stdout
    assert latest(district).state == RunState.CHECKED
    assert people(district) == 42


def test_a_held_import_exits_with_three_and_says_who_would_leave(district: District, full: Path, halved: Path) -> None:
    bring(district, full)
    result = bring(district, halved)
    assert result.exit_code == 3
    assert "20 of 42 people would leave" in result.stdout
    assert f"firstbell approve {latest(district).pk}" in result.stdout
    assert people(district) == 42


def test_a_refused_import_exits_with_one_and_says_why(district: District, tmp_path: Path) -> None:
    letter = write_files(tmp_path / "package", {"letter.txt": "Dear district,"})
    result = bring(district, letter, "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["state"] == "refused"
    assert told["reasons"][0]["says"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (("/no/such/place", "--district", "d", "--source", "s"), "/no/such/place: there is no such file or folder."),
        (("/dev/null", "--district", "d", "--source", "s"), "/dev/null: this is neither a file nor a folder."),
        ((".", "--district", "Not a code", "--source", "s"), "is no code"),
        ((".", "--district", "fresh", "--source", " "), "--source: a name has 1 to 100 characters"),
        ((".", "--district", "fresher", "--source", "s", "--time-zone", "Mars/Base"), "is no time zone"),
        ((".", "--district", "freshest", "--source", "s", "--method", "magic"), "is no method"),
    ],
)
def test_what_cannot_be_used_gets_one_line_and_exit_2(database: None, arguments: tuple[str, ...], line: str) -> None:
    result = firstbell("import", *arguments)
    assert result.exit_code == 2
    assert line in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_fault_of_ours_is_one_line_with_the_run_and_no_traceback(
    district: District, full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("firstbell.domain.imports.loading.plan", stumble)
    result = bring(district, full)
    assert result.exit_code == 70
    assert f"Run {latest(district).pk} was stopped by a fault of Firstbell." in result.stderr
    assert "Traceback" not in result.output
    assert latest(district).state == RunState.FAILED


def test_a_run_finds_what_the_check_of_the_same_package_finds(district: District, tmp_path: Path) -> None:
    roster = lakeside()
    roster.row("users", "s0")["givenName"] = ""
    roster["enrollments"][0]["classSourcedId"] = "nowhere"
    package = roster.write(tmp_path / "package")
    result = bring(district, package)
    checked = json.loads(firstbell("check", package, "--json").stdout)["counts"]
    assert checked["error"] > 1
    assert latest(district).found == checked
    assert f"Found {checked['error']} errors" in result.stdout


def test_passwords_of_the_file_open_log_ins(district: District, tmp_path: Path) -> None:
    roster: Roster = lakeside()
    for row in roster["users"]:
        row["password"] = "bells ring at eight" if row["sourcedId"] == "s0" else ""
    username = roster.row("users", "s0")["username"]
    result = bring(district, roster.write(tmp_path / "package"))
    assert result.exit_code == 0, result.output
    assert authenticate_student(district, username, "bells ring at eight", address="127.0.0.1") is not None
    assert "bells ring" not in result.output


def test_runs_are_listed_the_newest_first(district: District, full: Path, halved: Path) -> None:
    bring(district, full)
    bring(district, halved)
    lines = firstbell("runs", "--district", district.code).stdout.splitlines()
    assert lines[0].split() == ["RUN", "DISTRICT", "SOURCE", "PACKAGE", "STARTED", "STATE", "CHANGES"]
    assert ["held" in lines[1], "applied" in lines[2], len(lines)] == [True, True, 3]
    told = json.loads(firstbell("runs", "--district", district.code, "--limit", "1", "--json").stdout)
    assert [(run["run"], run["state"], run["district"]) for run in told] == [
        (latest(district).pk, "held", district.code)
    ]
    assert firstbell("runs", "--district", "nobody-has-this").exit_code == 2


def test_a_held_run_is_approved_by_somebody_and_applied_at_once(district: District, full: Path, halved: Path) -> None:
    bring(district, full)
    bring(district, halved)
    run = latest(district)
    result = firstbell("approve", run.pk, "--by", "Paula Principal")
    assert result.exit_code == 0, result.output
    assert people(district) == 22
    assert latest(district).decided_by == "Paula Principal"
    again = firstbell("approve", run.pk, "--district", district.code)
    assert again.exit_code == 1
    assert len(again.stderr.splitlines()) == 1


def test_the_safe_part_of_a_held_run_goes_first(district: District, full: Path, tmp_path: Path) -> None:
    bring(district, full)
    source = find_source(district, "sis")
    assert source is not None
    change_settings(district, source, {"safe_part_goes": False}, by=OPERATOR)
    night = lakeside(41).without(*(f"s{number}" for number in range(20))).write(tmp_path / "night")
    held = bring(district, night)
    run = latest(district)
    assert f"firstbell approve {run.pk} --safe-part" in held.stdout
    result = firstbell("approve", run.pk, "--safe-part", "--by", "Paula Principal")
    assert result.exit_code == 0, result.output
    assert "The safe part is on the roster already; the rest waits." in result.stdout
    assert (people(district), latest(district).state) == (43, RunState.HELD)
    again = firstbell("approve", run.pk, "--safe-part")
    assert again.exit_code == 1
    assert "already" in again.stderr
    assert firstbell("approve", run.pk, "--safe-part", "--as-new-people").exit_code == 2
    assert firstbell("approve", run.pk).exit_code == 0
    assert people(district) == 23


def test_all_schools_but_the_one_that_looks_wrong_go_first(district: District, tmp_path: Path) -> None:
    bring(district, lakeside(120).write(tmp_path / "whole"))
    elm = [f"s{number}" for number in range(0, 120, 2)]
    held = bring(district, lakeside(120).without(*elm, "s1", "s3").write(tmp_path / "night"))
    run = latest(district)
    assert (held.exit_code, people(district)) == (3, 122)
    assert f"firstbell approve {run.pk} --other-schools" in held.stdout
    for flag in ("--safe-part", "--as-new-people"):
        assert firstbell("approve", run.pk, "--other-schools", flag).exit_code == 2
    result = firstbell("approve", run.pk, "--other-schools", "--by", "Paula Principal")
    assert result.exit_code == 0, result.output
    assert (people(district), latest(district).state, latest(district).decided_by) == (120, "held", "Paula Principal")
    again = firstbell("approve", run.pk, "--other-schools")
    assert (again.exit_code, people(district)) == (1, 120)
    assert "divided by schools" in again.stderr
    assert firstbell("approve", run.pk).exit_code == 0
    assert people(district) == 60


def test_a_held_run_is_discarded(district: District, full: Path, halved: Path) -> None:
    bring(district, full)
    bring(district, halved)
    result = firstbell("discard", latest(district).pk)
    assert (result.exit_code, latest(district).state) == (0, RunState.DISCARDED)
    assert people(district) == 42


def test_an_applied_run_is_undone_once(district: District, full: Path) -> None:
    bring(district, full)
    run = latest(district)
    result = firstbell("undo", run.pk, "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["changes"]["users"]["removed"] == 42
    assert people(district) == 0
    assert firstbell("undo", run.pk).exit_code == 1


def test_a_source_that_an_undo_holds_is_released_by_name(district: District, full: Path) -> None:
    bring(district, full)
    undone = firstbell("undo", latest(district).pk)
    assert f"firstbell release sis --district {district.code}" in undone.stdout
    assert bring(district, full).exit_code == 3
    firstbell("discard", latest(district).pk)
    told = firstbell("release", "sis", "--district", district.code, "--by", "Paula Principal")
    assert told.exit_code == 0, told.output
    assert bring(district, full).exit_code == 0
    again = firstbell("release", "sis", "--district", district.code)
    assert (again.exit_code, len(again.stderr.splitlines())) == (1, 1)
    assert firstbell("release", "nowhere", "--district", district.code).exit_code == 2


def test_a_source_gives_up_its_rows_when_that_is_meant(district: District, full: Path) -> None:
    bring(district, full)
    arguments = ["let-go", "sis", "--district", district.code]
    unsure = CliRunner().invoke(main, arguments, input="n\n")
    assert unsure.exit_code == 1
    assert owners(district) == {"sis"}
    told = CliRunner().invoke(main, arguments, input="y\n")
    assert told.exit_code == 0, told.output
    assert "rows belong to nobody" in told.stdout
    assert owners(district) == set()
    assert firstbell(*arguments, "--yes").exit_code == 0
    assert firstbell("let-go", "sis", "--district", "nobody-has-this", "--yes").exit_code == 2


def test_the_run_of_another_district_is_not_there(district: District, other_district: District, full: Path) -> None:
    bring(district, full)
    result = firstbell("undo", latest(district).pk, "--district", other_district.code)
    assert result.exit_code == 2
    assert "There is no run" in result.stderr


def test_who_decides_is_the_log_in_of_the_machine_unless_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "tamika")
    assert carrying.operator_named(None).name == "tamika"
    assert carrying.operator_named(" Paula ").name == "Paula"


def test_in_a_pipe_there_is_json_and_nothing_else(database: None, home: Path, full: Path) -> None:
    command = [sys.executable, "-m", "firstbell.project.command", "import", str(full), "--district"]
    done = subprocess.run(
        [*command, f"pipe-{uuid.uuid4().hex}", "--source", "sis", "--json"],
        env=os.environ | {"FIRSTBELL_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["state"] == "applied"
    assert done.stderr == ""
