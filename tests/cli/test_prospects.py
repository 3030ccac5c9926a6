"""`firstbell prospects` and `firstbell open`: from kept advice to a district with a set-up plan."""

import datetime as dt
import json
import uuid

import pytest
from click.testing import CliRunner, Result

from firstbell.cli.main import main
from firstbell.domain.advice.actions import Who, keep_prospect
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.models import Prospect
from firstbell.domain.advice.queries import find_plan
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.queries import find_district

pytestmark = pytest.mark.usefixtures("database")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture
def prospect(database: None) -> Prospect:
    who = Who(f"Lakeside {uuid.uuid4().hex}", email="ada@lakeside.example")
    return keep_prospect(who, Answers(120), AdviceSettings(), today=dt.datetime.now(dt.UTC).date(), by=SYSTEM)


def test_kept_advice_is_listed_in_words_and_as_json(prospect: Prospect) -> None:
    assert f"{prospect.reference}  " in _run("prospects").stdout
    told = json.loads(_run("prospects", "--json").stdout)
    mine = next(one for one in told if one["reference"] == prospect.reference)
    assert (mine["method"], mine["email"], mine["answers"]["accounts"]) == ("assisted", "ada@lakeside.example", 120)


def test_a_district_opens_with_its_plan_and_once(prospect: Prospect) -> None:
    code = f"test-{uuid.uuid4().hex}"
    reference, name = prospect.reference, prospect.district_name
    done = _run("open", code, "--prospect", reference, "--time-zone", "America/Chicago")
    assert (done.exit_code, done.stdout) == (0, f"{code} is open ({name}), and its set-up plan is there.\n")
    district = find_district(code)
    assert district is not None
    assert (district.name, district.method) == (name, "assisted")
    assert find_plan(district) is not None
    again = _run("open", code, "--prospect", reference)
    assert (again.exit_code, len(again.stderr.splitlines())) == (2, 1)
    assert "There is no prospect" in again.stderr


def test_a_code_that_cannot_be_one_opens_nothing(prospect: Prospect) -> None:
    done = _run("open", "no code", "--prospect", prospect.reference)
    assert done.exit_code == 2
    assert "is no code" in done.stderr
    assert Prospect.objects.filter(pk=prospect.pk).exists()


def test_a_district_with_a_plan_keeps_it(prospect: Prospect) -> None:
    code = f"test-{uuid.uuid4().hex}"
    _run("open", code, "--prospect", prospect.reference)
    second = keep_prospect(
        Who("Lakeside again"), Answers(9), AdviceSettings(), today=dt.datetime.now(dt.UTC).date(), by=SYSTEM
    )
    done = _run("open", code, "--prospect", second.reference)
    assert done.exit_code == 1
    assert "has a set-up plan already" in done.stderr
