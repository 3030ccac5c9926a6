"""``firstbell convert``: a package in another format, with everything told that it does not carry."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.engine.district import lakeside, write_files
from tests.engine.formats.uploads import CLEVER, SDS_V1, SDS_V2P1, changed

from firstbell.cli.convert import convert
from firstbell.cli.main import main
from firstbell.engine.formats.targets import TARGETS
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect

FORMATS = {
    "oneroster-1.1": "OneRoster 1.1",
    "oneroster-1.2": "OneRoster 1.2",
    "sds-2.1": "School Data Sync 2.1",
    "clever": "Clever ",
}


def _convert(*arguments: str | Path) -> Result:
    return CliRunner().invoke(convert, [str(argument) for argument in arguments], catch_exceptions=False)


def test_every_target_is_tested_here() -> None:
    assert TARGETS.keys() == FORMATS.keys()


@pytest.mark.parametrize("target", FORMATS)
@pytest.mark.parametrize("texts", [CLEVER, SDS_V1, SDS_V2P1, lakeside().contents()], ids=["c", "s1", "s21", "o"])
def test_each_format_becomes_each_other_and_is_read_as_it(tmp_path: Path, texts: dict[str, str], target: str) -> None:
    result = _convert(write_files(tmp_path / "in", texts), tmp_path / "out", "--to", target)
    assert result.exit_code in {0, 1}, result.output
    reading, checked = inspect(open_package(tmp_path / "out"))
    assert f"{reading.format} {reading.version}" == FORMATS[target]
    assert set(checked.findings["severity"]) <= {"warning"}
    before = inspect(open_package(tmp_path / "in"))[1].tables["enrollments"]
    assert checked.tables["enrollments"].height == before.height


def test_what_is_carried_whole_exits_with_nought(tmp_path: Path) -> None:
    result = _convert(write_files(tmp_path / "in", CLEVER), tmp_path / "out.zip", "--to", "oneroster-1.2")
    assert result.exit_code == 0
    assert "Not carried" not in result.stdout
    with zipfile.ZipFile(tmp_path / "out.zip") as package:
        assert "roles.csv" in package.namelist()


def test_what_is_not_carried_is_told_in_sentences_and_exits_with_one(tmp_path: Path) -> None:
    result = _convert(lakeside().write(tmp_path / "in"), tmp_path / "out", "--to", "clever")
    assert result.exit_code == 1
    assert (
        "The format cannot carry some organizations; they were left out (records: 1).  [convert-records]"
        in result.stdout
    )


def test_json_has_a_code_a_count_and_a_sentence_for_each(tmp_path: Path) -> None:
    result = _convert(lakeside().write(tmp_path / "in"), tmp_path / "out", "--to", "sds-2.1", "--json")
    told = json.loads(result.stdout)
    assert (told["format"], told["files"]["users"]) == ("sds-2.1", 6)
    notes = {note["what"]: note for note in told["notes"]}
    assert notes["identifier of people"] == {
        "code": "convert-column",
        "what": "identifier of people",
        "count": 6,
        "detail": None,
        "message": "The format has no place for identifier of people; it was left out (values: 6).",
    }


def test_records_with_errors_are_left_out_and_told(tmp_path: Path) -> None:
    texts = changed(CLEVER, "enrollments.csv", "oak,k2,s2", "oak,k2,nobody")
    result = _convert(write_files(tmp_path / "in", texts), tmp_path / "out", "--to", "oneroster-1.2", "--json")
    assert result.exit_code == 1
    (note,) = json.loads(result.stdout)["notes"]
    assert (note["code"], note["what"], note["count"]) == ("convert-left-out", "enrollments", 1)


def test_a_list_without_a_promise_is_told(tmp_path: Path) -> None:
    district = lakeside()
    contents = {name: text for name, text in district.contents().items() if name != "manifest.csv"}
    result = _convert(write_files(tmp_path / "in", contents), tmp_path / "out", "--to", "oneroster-1.2", "--json")
    assert result.exit_code == 1
    notes = json.loads(result.stdout)["notes"]
    assert ("convert-partial", "people", 6) in {(note["code"], note["what"], note["count"]) for note in notes}


def test_a_package_of_changes_is_refused(tmp_path: Path) -> None:
    district = lakeside()
    district.modes = {"users": "delta"}
    result = _convert(district.write(tmp_path / "in"), tmp_path / "out", "--to", "clever")
    assert result.exit_code == 2
    assert "this package tells changes only (people); convert a full list." in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"letter.txt": "Dear district,"}, "No file of the package is a roster file that we know."),
        (None, "no such file"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_exits_with_two(
    tmp_path: Path, texts: dict[str, str] | None, words: str
) -> None:
    if texts:
        write_files(tmp_path / "in", texts)
    result = _convert(tmp_path / "in", tmp_path / "out", "--to", "clever")
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_package_is_never_written_over_itself(tmp_path: Path) -> None:
    package = lakeside().write(tmp_path / "in")
    result = _convert(package, tmp_path / "in", "--to", "clever")
    assert result.exit_code == 2
    assert (package / "manifest.csv").exists()


def test_where_nothing_can_be_written_one_line_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    result = _convert(lakeside().write(tmp_path / "in"), tmp_path / "file" / "out", "--to", "clever")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1


def test_the_command_is_in_the_list_and_tells_its_exit_codes() -> None:
    assert "convert" in CliRunner().invoke(main, ["--help"]).stdout
    told = CliRunner().invoke(main, ["convert", "--help"]).stdout
    assert "Exit code: 0 everything was carried, 1 something was not, 2 IN is unusable" in " ".join(told.split())
