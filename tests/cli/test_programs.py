"""`firstbell programs`: a program is let in, told and shut out."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.conftest import new_district

from firstbell.cli.main import main
from firstbell.domain.sharing.access import NotAClient
from firstbell.domain.sharing.actions import give_token

pytestmark = pytest.mark.usefixtures("database")


def _programs(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["programs", *arguments], catch_exceptions=False)


def test_a_program_is_let_in_told_and_shut_out() -> None:
    district = new_district("Lakeside")
    assert _programs(district.code).stdout == "No program reads the roster.\n"
    made = _programs(district.code, "--add", "Reading Hour", "--scope", "demographics")
    found = re.match(r"client_id: (\w+)\nclient_secret: (\S+)\n", made.stdout)
    assert found is not None
    given = give_token(found[1], found[2], [])
    assert all(scope.endswith("/roster-demographics.readonly") for scope in given.scopes)
    assert _programs(district.code).stdout == f"{found[1]}  Reading Hour  reads\n"
    assert _programs(district.code, "--revoke", found[1]).stdout == f"{found[1]}  Reading Hour  shut out\n"
    with pytest.raises(NotAClient):
        give_token(found[1], found[2], [])


def test_a_program_of_another_district_is_not_found() -> None:
    district, other = new_district("Lakeside"), new_district("Hilltop")
    made = _programs(district.code, "--add", "Reading Hour")
    client_id = made.stdout.split()[1]
    refused = _programs(other.code, "--revoke", client_id)
    assert refused.exit_code != 0
    assert "name the district alone" in refused.stderr


def test_what_a_program_sees_is_written_as_files(tmp_path: Path) -> None:
    from tests.api.oneroster.town import bring, make_town

    district = new_district("Lakeside")
    bring(district, make_town(3), tmp_path)
    client_id = _programs(district.code, "--add", "Reading Hour").stdout.split()[1]
    told = _programs(district.code, "--export", client_id, "--to", "sds-2.1", "--out", str(tmp_path / "out.zip"))
    assert "users.csv" in told.stdout
    assert (tmp_path / "out.zip").exists()
    for wrong, words in (([], "Say where"), (["--to", "paper", "--out", "x"], "There is no format paper")):
        refused = _programs(district.code, "--export", client_id, *wrong)
        assert refused.exit_code != 0
        assert words in refused.stderr
