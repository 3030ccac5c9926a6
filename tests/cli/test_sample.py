"""``firstbell sample`` writes a package that can be used at once."""

from pathlib import Path

from click.testing import CliRunner

from firstbell.cli.sample import sample
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect


def test_the_command_writes_a_package_of_the_version_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "district.zip"
    result = CliRunner().invoke(
        sample, [str(out), "--students", "200", "--version", "1.1", "--day", "3", "--churn", "0.02"]
    )
    assert result.exit_code == 0
    assert "users.csv" in result.stdout
    reading, checked = inspect(open_package(out), strict=True)
    assert (reading.version, checked.findings.height) == ("1.1", 0)


def test_the_command_says_on_the_side_what_1_1_cannot_carry(tmp_path: Path) -> None:
    result = CliRunner().invoke(sample, [str(tmp_path / "out"), "--students", "200", "--version", "1.1"])
    assert "principal as administrator" in result.stderr


def test_impossible_options_are_refused_in_one_line(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    assert CliRunner().invoke(sample, [out, "--students", "0"]).exit_code == 2
    too_many = CliRunner().invoke(sample, [out, "--students", "20000000"])
    assert (too_many.exit_code, len(too_many.stderr.splitlines())) == (2, 1)
    assert not (tmp_path / "out").exists()
