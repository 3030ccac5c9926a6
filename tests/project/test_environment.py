"""Settings come from the environment, and a wrong one gets one clear line."""

from pathlib import Path

import pytest

from firstbell.project.databases import LogIn, application_log_in, django_databases, owner_log_in
from firstbell.project.environment import (
    Environment,
    EnvironmentFault,
    read_environment,
    variable,
)
from firstbell.project.settings_page import render_settings_page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "settings.md"


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, field in Environment.model_fields.items():
        monkeypatch.delenv(variable(name, field), raising=False)


def test_the_settings_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == render_settings_page(), (
        "python -m firstbell.project.settings_page > docs/reference/settings.md"
    )


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Environment.model_fields.values())


def test_nothing_needs_to_be_set() -> None:
    found = read_environment()
    assert found.embedded
    assert found.home == Path.cwd() / "var"
    assert not found.https
    assert not found.debug


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("DATABASE_URL", "mysql://a@b/c", "DATABASE_URL: is not a PostgreSQL address, write postgresql://"),
        ("DATABASE_URL", "postgresql://a@b", "DATABASE_URL: names no database, end it with /database"),
        ("DATABASE_URL", "postgresql://b/c", "DATABASE_URL: names no user, write"),
        ("FIRSTBELL_DATABASE_APP_URL", "x", "FIRSTBELL_DATABASE_APP_URL: is not a PostgreSQL address"),
        ("FIRSTBELL_HOME", __file__, "FIRSTBELL_HOME: "),
        ("FIRSTBELL_MASTER_KEY", "AAAA", "FIRSTBELL_MASTER_KEY: holds 3 bytes instead of 32, make one with: openssl"),
        ("FIRSTBELL_MASTER_KEY", "not base64", "FIRSTBELL_MASTER_KEY: is not base64, make one with: openssl"),
        ("FIRSTBELL_SECRET_KEY", "short", "FIRSTBELL_SECRET_KEY: is shorter than 50 characters, make one with"),
        ("FIRSTBELL_HTTPS", "perhaps", "FIRSTBELL_HTTPS: input should be a valid boolean"),
        ("FIRSTBELL_MAX_UPLOAD_MB", "0", "FIRSTBELL_MAX_UPLOAD_MB: input should be greater than or equal to 1"),
        ("FIRSTBELL_MAX_UPLOAD_MB", "much", "FIRSTBELL_MAX_UPLOAD_MB: input should be a valid integer"),
        ("FIRSTBELL_LOG_LEVEL", "loud", "FIRSTBELL_LOG_LEVEL: input should be 'debug', 'info', 'warning' or 'error'"),
    ],
)
def test_a_wrong_setting_gets_one_line_that_names_it_and_the_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(EnvironmentFault) as fault:
        read_environment()
    assert str(fault.value).startswith(f"firstbell: {line}")
    assert "\n" not in str(fault.value)


def test_a_wrong_secret_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTBELL_MASTER_KEY", "canary")
    monkeypatch.setenv("FIRSTBELL_SECRET_KEY", "canary")
    with pytest.raises(EnvironmentFault) as fault:
        read_environment()
    assert "canary" not in str(fault.value)


def test_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRSTBELL_HOSTS", "roster.example.org, .example.net,")
    assert read_environment().hosts == ("roster.example.org", ".example.net")


def test_a_server_of_ones_own_has_two_log_ins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FIRSTBELL_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://ow%40ner:p%2Fw@db.example.org:6432/rosters?sslmode=require")
    environment = read_environment()
    owner = owner_log_in(environment)
    options = (("sslmode", "require"),)
    assert owner == LogIn("db.example.org", "6432", "rosters", "ow@ner", "p/w", options)
    assert application_log_in(environment, owner) == LogIn(
        "db.example.org", "6432", "rosters", "rosters_app", "", options
    )


def test_the_applications_log_in_may_be_the_operators_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://owner:a@db.example.org/rosters")
    monkeypatch.setenv("FIRSTBELL_DATABASE_APP_URL", "postgresql://web:b@db.example.org/rosters")
    databases = django_databases(read_environment())
    assert (databases["default"]["USER"], databases["owner"]["USER"]) == ("web", "owner")
