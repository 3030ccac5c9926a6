"""``firstbell diff``: what a newer package would change."""

import json
from pathlib import Path

from click.testing import CliRunner, Result
from tests.engine.district import lakeside

from firstbell.cli.diff import diff


def _diff(*arguments: str | Path) -> Result:
    return CliRunner().invoke(diff, [str(argument) for argument in arguments], catch_exceptions=False)


def test_changes_are_counted_by_table(tmp_path: Path) -> None:
    old = lakeside().write(tmp_path / "old")
    changed = lakeside(5).without("s0")
    changed.row("users", "s1")["phone"] = "555 0100"
    result = _diff(old, changed.write(tmp_path / "new"), "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["changes"]["users"] == {"added": 1, "updated": 1, "removed": 1, "restored": 0, "unchanged": 4}
    assert told["reasons"] == []


def test_what_would_make_the_run_wait_is_told_in_words(tmp_path: Path) -> None:
    old = lakeside(40).write(tmp_path / "old")
    new = lakeside(40).without(*(f"s{number}" for number in range(0, 40, 2)))
    result = _diff(old, new.write(tmp_path / "new"))
    assert result.exit_code == 0
    assert "people: 20 removed, 22 unchanged\n" in result.stdout
    assert "The run would wait for a person:\n" in result.stdout
    assert "  20 of 42 people would leave.\n" in result.stdout
    assert "  20 of 21 people at Elm would leave.\n" in result.stdout
    assert "Adds and updates could go at once; the removals would wait.\n" in result.stdout


def test_a_file_that_is_missing_from_the_newer_package_is_told(tmp_path: Path) -> None:
    old = lakeside().write(tmp_path / "old")
    new = lakeside().only("orgs", "users", "roles").write(tmp_path / "new")
    assert "The list of enrollments is missing." in _diff(old, new).stdout


def test_an_unusable_package_is_one_line(tmp_path: Path) -> None:
    good = lakeside().write(tmp_path / "good")
    (tmp_path / "empty").mkdir()
    for pair in ((tmp_path / "none", good), (good, tmp_path / "none"), (good, tmp_path / "empty")):
        result = _diff(*pair)
        assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
