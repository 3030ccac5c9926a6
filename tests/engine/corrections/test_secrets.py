"""A password under the district's own name for it is a password: used once, and shown nowhere."""

import pytest
from tests.engine.corrections.spelling import renamed
from tests.engine.district import lakeside, plan_files
from tests.engine.test_secrets import _everything

from firstbell.engine.corrections.kinds import NONE
from firstbell.engine.corrections.parsing import parse
from firstbell.engine.corrections.secrets import secret_places
from firstbell.engine.pipeline import Plan
from firstbell.engine.policy import Policy
from firstbell.engine.report import as_csv, as_json
from firstbell.engine.snapshot import Snapshot

CANARY = "tr0ub4dor"
KODE = parse([{"kind": "rename-column", "file": "users.csv", "column": "Kode", "to": "password"}])


def _contents(*, faulty: bool) -> dict[str, str | bytes]:
    district = lakeside()
    for user in district["users"]:
        user["password"] = CANARY
    contents = renamed(dict(district.contents()), "users.csv", {"password": "Kode"})
    if faulty:
        text = str(contents["users.csv"])
        contents["users.csv"] = text.replace("Ada", 'A"da').replace("Ben", "Ben,one more")
    return contents


@pytest.mark.parametrize("faulty", [False, True], ids=["good", "with broken lines"])
def test_no_table_finding_change_or_report_holds_a_password_under_another_name(*, faulty: bool) -> None:
    known = Snapshot()
    result = plan_files(_contents(faulty=faulty), known, Policy(corrections=KODE))
    assert isinstance(result, Plan)
    known.take(result.comparison)
    assert CANARY in result.passwords["password"].to_list()
    result.passwords = result.passwords.clear()
    assert CANARY not in _everything(result)
    assert CANARY not in _everything(known)
    assert CANARY not in as_json(result.reading.files, result.checked.findings) + as_csv(result.checked.findings)


def test_without_its_correction_the_canary_would_be_found() -> None:
    result = plan_files(_contents(faulty=True), Snapshot(), Policy(corrections=NONE))
    assert CANARY in _everything(result), "else the test above proves nothing"


def test_a_password_column_is_known_however_it_is_spelled() -> None:
    header = ["sourcedId", "KODE", "kode ", "Passcode", "note"]
    assert secret_places(KODE, header) == [1, 2, 3]
    assert secret_places(NONE, header) == [3]
