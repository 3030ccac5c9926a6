"""``firstbell check``: what is wrong with a package, without a database, and never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.engine.corrections.spelling import renamed
from tests.engine.district import lakeside, write_files
from tests.engine.formats.uploads import CLEVER

from firstbell.cli.check import check
from firstbell.cli.packages import plain


def _check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(check, [str(argument) for argument in arguments], catch_exceptions=False)


def test_a_good_package_is_clean(tmp_path: Path) -> None:
    result = _check(lakeside().write(tmp_path / "good"), "--strict")
    assert result.exit_code == 0
    assert result.stdout.startswith("good: OneRoster 1.2, 8 files, 32 records\n")
    assert result.stdout.endswith("0 fatal, 0 errors, 0 warnings\n")
    assert result.stderr == ""


def test_the_format_is_named_also_where_it_has_no_version(tmp_path: Path) -> None:
    result = _check(write_files(tmp_path / "upload", CLEVER))
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "upload: Clever, 6 files, 18 records")


def test_warnings_alone_are_no_failure_unless_it_is_strict(tmp_path: Path) -> None:
    district = lakeside()
    district.row("users", "s0")["givenName"] = " Ada"
    package = district.write(tmp_path / "package")
    assert _check(package).exit_code == 0
    assert _check(package, "--strict").exit_code == 1


def test_errors_are_grouped_by_cause_with_a_remedy_and_what_went_with_them(tmp_path: Path) -> None:
    district = lakeside(8)
    for number in range(7):
        district.row("users", f"s{number}")["givenName"] = ""
    result = _check(district.write(tmp_path / "package"))
    assert result.exit_code == 1
    assert "error  users.csv: givenName is blank, and the record cannot be used without it.\n" in result.stdout
    assert "    Fill in givenName.\n" in result.stdout
    assert "    records 1, 2, 3, 4, 5 and 2 more  [value-missing]\n" in result.stdout
    told = "    So enrollments.csv too: 7 enrollments were left out because what userSourcedId points to was left out."
    assert told in result.stdout
    assert "    In all, it leaves out 28 records\n" in result.stdout
    assert "Left out, together with what hangs on them: 7 people, 7 roles, 7 enrollments" in result.stdout


def test_an_unusable_package_exits_with_two(tmp_path: Path) -> None:
    result = _check(write_files(tmp_path / "package", {"letter.txt": "Dear district,"}))
    assert result.exit_code == 2
    assert "[no-roster-file]" in result.stdout


def test_json_goes_to_standard_output_alone(tmp_path: Path) -> None:
    result = _check(lakeside().write(tmp_path / "good"), "--json")
    assert json.loads(result.stdout) == {
        "counts": {"fatal": 0, "error": 0, "warning": 0},
        "files": {f"{file}.csv": len(rows) for file, rows in lakeside().files.items()},
        "causes": [],
        "findings": [],
    }
    assert result.stderr == ""


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx"])
def test_a_report_is_written_beside_what_is_printed(tmp_path: Path, ending: str) -> None:
    report = tmp_path / f"report.{ending}"
    result = _check(lakeside().write(tmp_path / "good"), "--report", report)
    assert result.exit_code == 0
    assert report.stat().st_size


@pytest.mark.parametrize("name", ["report.pdf", "no/such/folder/report.csv", "no/such/folder/report.xlsx"])
def test_a_report_that_cannot_be_written_is_one_line(tmp_path: Path, name: str) -> None:
    result = _check(lakeside().write(tmp_path / "good"), "--report", tmp_path / name)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)


def test_what_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "nothing.zip", tmp_path / "pipe", Path(os.devnull), tmp_path / ("x" * 300)):
        result = _check(path)
        assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1), path


@pytest.mark.parametrize("opens", ["Path.open", "Path.iterdir"])
def test_what_we_may_not_read_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opens: str) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = lakeside().write(tmp_path / "package")
    monkeypatch.setattr(f"pathlib.{opens}", denied)
    result = _check(path if opens == "Path.iterdir" else path / "orgs.csv")
    assert result.exit_code == 2
    assert result.stderr.endswith(": permission denied.\n")


def test_a_folder_whose_files_we_may_not_read_names_the_file(tmp_path: Path) -> None:
    folder = lakeside().write(tmp_path / "package")
    (folder / "orgs.csv").chmod(0)
    if os.access(folder / "orgs.csv", os.R_OK):
        pytest.skip("this user may read everything")
    result = _check(folder)
    assert result.exit_code == 2
    assert "orgs.csv: The file cannot be read" in result.stdout


def test_what_a_file_holds_cannot_steer_the_terminal(tmp_path: Path) -> None:
    district = lakeside()
    district.row("users", "s0")["email"] = "\x1b]0;gotcha\x07\x1b[2J"
    result = _check(district.write(tmp_path / "package"))
    assert "\x1b" not in result.stdout
    assert "\x07" not in result.stdout
    assert plain("a\u202eb\nc") == "a�b�c"


def test_a_name_that_looks_like_mark_up_is_shown_as_it_is_in_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = _check(lakeside().write(tmp_path / "[red]{x}"))
    assert result.exit_code == 0
    assert "[red]{x}: check" in result.stderr
    assert result.stdout.startswith("[red]{x}: OneRoster 1.2")


def test_it_needs_neither_django_nor_a_database(tmp_path: Path) -> None:
    package = lakeside().write(tmp_path / "good")
    program = (
        "import sys; from firstbell.project.command import main; sys.argv = ['firstbell', 'check', sys.argv[1]]\n"
        "try: main()\n"
        "finally: print([name for name in sys.modules if name.split('.')[0] in ('django', 'psycopg')])"
    )
    ran = subprocess.run([sys.executable, "-c", program, package], capture_output=True, text=True, check=True)
    assert ran.stdout.endswith("\n[]\n")
    assert ran.stderr == "", "no progress bar in a pipe"


def test_corrections_are_tried_on_a_package_without_a_database(tmp_path: Path) -> None:
    contents = renamed(dict(lakeside().contents()), "users.csv", {"sourcedId": "Student ID"})
    package = write_files(tmp_path / "package", contents)
    assert _check(package).exit_code == 2
    declared = tmp_path / "corrections.json"
    declared.write_text(
        json.dumps([{"kind": "rename-column", "file": "users.csv", "column": "Student ID", "to": "sourcedId"}])
    )
    result = _check(package, "--corrections", declared)
    assert result.exit_code == 0
    assert "The column Student ID was read as sourcedId, by a correction of this source.\n" in result.stdout
    assert _check(package, "--corrections", declared, "--strict").exit_code == 1, "as exported it would not pass"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "this is not JSON (line 1"),
        ('[{"kind": "pad-ids", "table": "users"}]', "Correction 1 (pad-ids): width has to be"),
        (b"\xff\xfe[", "this is not a JSON file in UTF-8."),
        (None, "no such file"),
    ],
)
def test_a_file_of_wrong_corrections_is_answered_in_one_line(
    tmp_path: Path, text: str | bytes | None, says: str
) -> None:
    declared = tmp_path / "corrections.json"
    if text is not None:
        declared.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = _check(lakeside().write(tmp_path / "package"), "--corrections", declared)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
