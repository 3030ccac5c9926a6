"""Thresholds, words and contact are a deployment's own, and a wrong file gets one line."""

import tomllib
from pathlib import Path

import pytest

from firstbell.domain.advice.advising import advise
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.reference import reference_page
from firstbell.domain.advice.settings import AdviceSettings, BadSettings, parse_settings, read_settings
from firstbell.project.environment import EnvironmentFault, read_environment

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "advice.md"


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "advice.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_page_of_the_settings_is_current() -> None:
    assert PAGE.read_text("utf-8") == reference_page(), (
        "python -m firstbell.domain.advice.reference > docs/reference/advice.md"
    )


def test_what_the_page_shows_is_a_file_that_changes_nothing() -> None:
    shown = reference_page().partition("```toml\n")[2].partition("```")[0]
    assert parse_settings(tomllib.loads(shown)) == AdviceSettings()


def test_an_empty_file_changes_nothing(tmp_path: Path) -> None:
    assert read_settings(_written(tmp_path, "")) == AdviceSettings()


def test_a_deployment_has_its_own_bounds_words_and_contact(tmp_path: Path) -> None:
    text = """
    [accounts]
    assisted_from = 10
    assisted_to = 20
    automated_from = 21
    [contact]
    name = "Rosa in Rostering"
    email = "rosa@vendor.example"
    [texts.method]
    assisted = "Concierge"
    [next_steps]
    assisted = ["Call {Rosa}."]
    """
    settings = read_settings(_written(tmp_path, text))
    advice = advise(Answers(20), settings)
    assert (advice.method, advice.label, advice.next_steps) == ("assisted", "Concierge", ("Call {Rosa}.",))
    assert "10 to 20 accounts" in advice.reasons[0].because
    assert (advice.contact.name, advice.contact.email) == ("Rosa in Rostering", "rosa@vendor.example")
    assert advise(Answers(21), settings).method == "automated"


WRONG = [
    ("accounts = 3", "accounts: has to be a table"),
    ("[acounts]", "acounts: there is no such setting, there are accounts, contact"),
    ("[accounts]\nassisted = 3", "accounts.assisted: there is no such setting"),
    ('[accounts]\nassisted_from = "50"', "accounts.assisted_from: write a whole number without quotes"),
    ("[accounts]\nassisted_from = true", "accounts.assisted_from: write a whole number"),
    ("[accounts]\nassisted_from = 0", "accounts.assisted_from: write a number from 1"),
    ("[accounts]\nassisted_to = 40", "accounts.assisted_to: is below assisted_from"),
    ("[accounts]\nautomated_from = 300", "accounts.automated_from: has to be over assisted_from, and at most"),
    ("[accounts]\nautomated_from = 50", "accounts.automated_from: has to be over"),
    ("[contact]\nemail = 'nobody'", "contact.email: is no e-mail address"),
    ("[contact]\npage = 'javascript:alert(1)'", "contact.page: has to begin with https://"),
    ("[contact]\nname = ''", "contact.name: write one line"),
    ("[texts]\n'decision.gree' = 'x'", "texts.decision.gree: there is no such text"),
    ("[texts]\n'decision.agree' = 'all {methods}'", "texts.decision.agree: {methods} is not filled in here"),
    ("[texts]\n'decision.agree' = 'all {method'", "texts.decision.agree: a brace is open"),
    ("[texts]\n'decision.agree' = '{method.__class__}'", "texts.decision.agree: {method.__class__} is not filled in"),
    ("[texts]\n'decision.agree' = '{method!r:9999999}'", "texts.decision.agree: a brace is open"),
    ("[watching]\nweeks = 53", "watching.weeks: write a number from 1 to 52"),
    ("[watching]\nedits = 1", "watching.edits: there is no such setting"),
    ("[prospects]\nkeep_days = 0", "prospects.keep_days: write a number from 1 to 3,650"),
    ("[prospects]\nkeep = 1", "prospects.keep: there is no such setting, there are keep_days"),
    ("[next_steps]\nself = ['x']", "next_steps.self: there is no such setting"),
    ("[next_steps]\nassisted = 'x'", "next_steps.assisted: write a list"),
    ("[next_steps]\nassisted = [1]", "next_steps.assisted: write one line"),
    ("[", "is not TOML"),
]


@pytest.mark.parametrize(("text", "line"), WRONG)
def test_a_wrong_file_gets_one_line_that_names_the_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: str
) -> None:
    path = _written(tmp_path, text)
    with pytest.raises(BadSettings) as problem:
        read_settings(path)
    assert str(problem.value).startswith(f"{path}: {line}")
    monkeypatch.setenv("FIRSTBELL_ADVICE", str(path))
    with pytest.raises(EnvironmentFault) as fault:
        read_environment()
    assert str(fault.value) == f"firstbell: FIRSTBELL_ADVICE: {problem.value}"
    assert "\n" not in str(fault.value)


def test_a_file_that_is_not_there_gets_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="no such file or directory"):
        read_settings(tmp_path / "advice.toml")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(BadSettings, match="not a TOML file in UTF-8"):
        read_settings(tmp_path / "binary")
