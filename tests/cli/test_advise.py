"""`firstbell advise`: without a database, in words and as JSON."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from firstbell.cli.main import main

ASSISTED = ["--accounts", "120", "--mobility", "rarely", "--frequency", "yearly", "--current", "manual"]


def _advise(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["advise", *arguments], catch_exceptions=False)


def test_the_json_is_as_promised() -> None:
    done = _advise(*ASSISTED, "--json")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["method"], told["sso"], told["agrees"], told["missing"]) == ("assisted", False, True, [])
    assert [reason["criterion"] for reason in told["reasons"]] == ["accounts", "mobility", "frequency", "current"]
    assert all({"criterion", "says", "because"} <= set(reason) for reason in told["reasons"])
    assert (told["reasons"][0]["says"], told["reasons"][1]["says"]) == ("assisted", "self_managed or assisted")
    assert set(told["follows"]) == {"first_roster", "log_in", "sso", "updates"}
    assert told["next_steps"]
    assert told["contact"]["name"]


def test_the_words_give_the_method_first_then_why_then_what_to_do() -> None:
    lines = _advise(
        "--accounts", "30", "--frequency", "daily", "--current", "sis", "--single-school"
    ).stdout.splitlines()
    assert lines[0] == "Automated"
    assert lines[2].startswith("Head count would say Self-Managed.")
    assert lines.index("Why") < lines.index("What follows") < lines.index("Next")


def test_what_is_missing_is_said_and_nothing_is_asked_in_a_pipe() -> None:
    done = _advise("--accounts", "30")
    assert done.exit_code == 0
    assert "Not answered: How often do students move between your schools?" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "Error: Answer at least one question."),
        (["--single-school"], "Error: Answer at least one question."),
        (["--accounts", "0"], "Error: --accounts: Give staff and students together as a whole number"),
        (["--accounts", "-3"], "Error: --accounts: Give staff and students together as a whole number"),
        (["--accounts", "many"], "Error: --accounts: Give staff and students together as a whole number"),
        (["--accounts", "1" * 50], "Error: --accounts: Give staff and students together as a whole number"),
        (["--accounts", ""], "Error: --accounts: is empty, give a number."),
        (["--mobility", "often", "--single-school"], "Error: --mobility: A district with a single school has no moves"),
        (["--accounts", "9", "--frequency", "hourly"], "Usage: main advise"),
    ],
)
def test_what_cannot_be_an_answer_gets_a_clear_line_and_exit_2(arguments: list[str], line: str) -> None:
    done = _advise(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(line)


def test_a_deployments_own_thresholds_hold_and_a_wrong_file_gets_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "advice.toml"
    monkeypatch.setenv("FIRSTBELL_ADVICE", str(path))
    path.write_text("[accounts]\nassisted_from = 5\nassisted_to = 9\nautomated_from = 10\n")
    assert json.loads(_advise("--accounts", "10", "--json").stdout)["method"] == "automated"
    path.write_text("[accounts]\nassisted_from = 500\n")
    done = _advise("--accounts", "10")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert "FIRSTBELL_ADVICE" in done.stderr
    assert "accounts.assisted_to" in done.stderr


def test_it_needs_no_database_and_no_django() -> None:
    program = (
        "import sys\nfrom firstbell.project.command import main\ntry:\n    main()\nexcept SystemExit as end:\n"
        "    print(end.code, [name for name in ('django', 'psycopg') if name in sys.modules])"
    )
    arguments = [sys.executable, "-c", program, "advise", *ASSISTED]
    environment = {**os.environ, "FIRSTBELL_HOME": "/nowhere/at/all"}
    done = subprocess.run(arguments, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_a_terminal_is_asked_what_is_missing_and_may_say_it_wrong_first() -> None:
    """A real terminal: questions come only where somebody can answer them."""
    ours, theirs = pty.openpty()
    arguments = [sys.executable, "-m", "firstbell.project.command", "advise", "--current", "manual"]
    with subprocess.Popen(arguments, stdin=theirs, stdout=theirs, stderr=theirs) as asked:
        os.close(theirs)
        os.write(ours, b"many\n30\n\nas-needed\n")
        said = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            said += part
        assert asked.wait(30) == 0
    os.close(ours)
    text = said.decode()
    assert "How many people, staff and students together?" in text
    assert "whole number from 1" in text
    assert "Self-Managed" in text
    assert "Not answered: How often do students move" in text
