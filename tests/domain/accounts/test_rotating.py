"""Master keys are turned, and nothing is lost: not by a kill in the middle, and not by forgetting an old key."""

import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner
from django.conf import settings
from django.db import connections
from tests.conftest import new_district

from firstbell.cli.main import main
from firstbell.domain.accounts import rotating
from firstbell.domain.accounts.actions import open_account
from firstbell.domain.accounts.second_factor import ABOUT
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts import master_keys as keys
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import needs_older, seal, seal_word, unseal, unseal_word

pytestmark = pytest.mark.usefixtures("database")
NAME = "runs/1/changes.parquet"
DYING = Path(__file__).with_name("rotate_and_die.py")
SOURCE = Path(rotating.__file__).parents[2]


def _again(district: District) -> District:
    return District.objects.get(pk=district.pk)


def _second_step(secret: str) -> Authenticator:
    account = open_account(f"{uuid.uuid4().hex}@example.org", "Dana", password="a long enough password", by=OPERATOR)
    data = {"secret": seal_word(secret, about=ABOUT), "other": "stays"}
    made: Authenticator = Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data=data)
    return made


def test_everything_opens_under_the_new_key_alone_and_was_never_closed() -> None:
    district, step = new_district("Lakeside"), _second_step("JBSWY3DP")
    sealed, before = seal(district, b"a roster", name=NAME), len(keys.master_keys())
    done = rotating.rotate(by=OPERATOR)
    assert done.districts >= 1
    assert len(keys.master_keys()) == before + 1
    assert unseal(district, sealed, name=NAME) == b"a roster"  # somebody who had fetched the district before
    assert unseal(_again(district), sealed, name=NAME) == b"a roster"
    assert not needs_older(_again(district))
    rotating.forget_older_keys(by=OPERATOR)
    assert len(keys.master_keys()) == 1
    assert unseal(district, sealed, name=NAME) == b"a roster"  # fetched before, by a worker in the middle of a run
    assert unseal(_again(district), sealed, name=NAME) == b"a roster"
    step.refresh_from_db()
    assert unseal_word(step.data["secret"], about=ABOUT) == "JBSWY3DP"
    assert step.data["other"] == "stays"
    assert rotating.reseal(by=OPERATOR) == rotating.Resealed(0, 0)


def test_a_key_is_not_forgotten_that_something_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    district = new_district("Lakeside")
    keys.add_master_key()
    monkeypatch.setattr(rotating, "_reseal", lambda by: rotating.Resealed(0, 0))
    with pytest.raises(rotating.NotAll):
        rotating.forget_older_keys(by=OPERATOR)
    assert needs_older(_again(district))
    assert len(keys.master_keys()) > 1


def test_who_is_killed_half_way_has_lost_nothing_and_is_carried_on_from_there() -> None:
    rotating.reseal(by=OPERATOR)
    districts = [new_district(f"Lakeside {number}") for number in range(6)]
    sealed = {district.pk: seal(district, f"roster {district.pk}".encode(), name=NAME) for district in districts}
    connections.close_all()
    after = District.objects.count() - 3
    place = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    killed = subprocess.run([sys.executable, str(DYING), str(after)], env=place, check=False, timeout=120)
    assert killed.returncode == -signal.SIGKILL
    half = [needs_older(_again(district)) for district in districts]
    assert any(half)
    assert not all(half)
    for district in districts:
        assert unseal(_again(district), sealed[district.pk], name=NAME) == f"roster {district.pk}".encode()
    rotating.reseal(by=OPERATOR)
    assert not any(needs_older(_again(district)) for district in districts)
    for district in districts:
        assert unseal(_again(district), sealed[district.pk], name=NAME) == f"roster {district.pk}".encode()


def test_a_key_file_is_there_whole_or_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    before = keys.master_keys()

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            keys.add_master_key()
    assert keys.master_keys() == before
    assert Path(settings.FIRSTBELL_MASTER_KEY_FILE).stat().st_mode & 0o077 == 0


def test_keys_of_the_environment_are_changed_there_and_several_open(monkeypatch: pytest.MonkeyPatch) -> None:
    district = new_district("Lakeside")
    sealed = seal(district, b"a roster", name=NAME)
    old = Path(settings.FIRSTBELL_MASTER_KEY_FILE).read_text("ascii").split()
    monkeypatch.setattr(settings, "FIRSTBELL_MASTER_KEY", " ".join(["A" * 43 + "=", *old]))
    with pytest.raises(keys.NotHere, match="FIRSTBELL_MASTER_KEY"):
        rotating.rotate(by=OPERATOR)
    assert unseal(district, sealed, name=NAME) == b"a roster"
    assert needs_older(district)


def test_the_command_turns_and_forgets() -> None:
    district = new_district("Lakeside")
    sealed = seal(district, b"a roster", name=NAME)
    turned = CliRunner().invoke(main, ["rotate-key"], catch_exceptions=False)
    assert turned.exit_code == 0
    assert "firstbell rotate-key --forget" in turned.output
    assert CliRunner().invoke(main, ["rotate-key", "--reseal", "--forget"]).exit_code == 2
    forgot = CliRunner().invoke(main, ["rotate-key", "--forget"], catch_exceptions=False)
    assert "newest key" in forgot.output
    assert unseal(_again(district), sealed, name=NAME) == b"a roster"


def test_whoever_seals_under_the_master_key_is_known_to_the_turning() -> None:
    uses = {path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py") if "seal_word(" in path.read_text()}
    assert uses == {"domain/districts/sealing.py", "domain/accounts/second_factor.py", "domain/accounts/rotating.py"}
