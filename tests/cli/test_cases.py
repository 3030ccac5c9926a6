"""`firstbell cases`: the queue at the command line."""

import json

from click.testing import CliRunner
from tests.domain.assisted.conftest import Office
from tests.domain.assisted.conftest import office as office  # noqa: PLC0414 - the fixture

from firstbell.cli.main import main
from firstbell.domain.assisted.actions import cancel


def _said(*arguments: str) -> str:
    done = CliRunner().invoke(main, ["cases", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_queue_is_listed_and_told_as_json(office: Office) -> None:
    of_it = ("--district", office.district.code)
    assert "no such cases" in _said(*of_it)
    case = office.bring(office.ask())
    assert f"{case.pk}  {office.district.code}  Plan ready, clean: Technical Services" in _said(*of_it)
    assert f"{case.pk}  " in _said("--waiting")
    told = json.loads(_said("--json", *of_it))
    assert [(one["case"], one["state"], one["clean"]) for one in told] == [(case.pk, "planned", True)]
    assert "Lopez" not in _said("--json", *of_it)
    cancel(office.district, case, now=office.now, by=office.by_sam)
    assert "Cancelled" in _said("--closed", *of_it)
    assert "no such cases" in _said(*of_it)


def test_a_district_that_is_not_there_is_said(office: Office) -> None:
    del office
    assert CliRunner().invoke(main, ["cases", "--district", "no-such"]).exit_code == 2
