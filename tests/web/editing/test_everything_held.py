"""All that is held about one person, for who may see it all; and that it was asked for is written down."""

import pytest
from django.test import Client
from tests.web.editing.conftest import Village, sent
from tests.web.rooms.conftest import member, signed_in

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.models import CardKind
from firstbell.domain.accounts.printed import note_printed
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within

pytestmark = pytest.mark.usefixtures("static_files", "database")
PAGE = "people/STUDENT/everything/"


def test_roster_history_log_ins_and_audit_stand_in_one_file(village: Village, administrator: Client) -> None:
    path = village.path("people/STUDENT/edit/")
    administrator.post(path, sent(administrator, path, familyName="King"))
    set_credential(village.district, village.rows["STUDENT"], "ada", "secret-7", name="Ada King", by=OPERATOR)
    note_printed(village.district, [village.rows["STUDENT"]], CardKind.BADGE)
    answer = administrator.get(village.path(PAGE))
    told = answer.json()
    assert [card["shows"] for card in told["cards"]] == ["A badge to scan"]
    assert told["person"] == "Ada King"
    assert told["roster"]["users"][0]["familyName"] == "King"
    assert {len(told["roster"][table]) for table in ("roles", "enrollments")} == {1}
    assert "ada" in {account["username"] for account in told["accounts"]}
    changed = next(entry for entry in told["history"] if entry["what"] == "updated")
    assert changed["fields"] == {"familyName": {"before": "Byron", "after": "King"}}
    assert changed["by"] == "Administrator Whitfield"
    assert [event["what"] for event in told["audit"]][:2] == ["user.added", "user.edited"]
    assert "secret-7" not in answer.content.decode()
    assert "argon2" not in answer.content.decode()
    with within(village.district):
        event = list_events(village.district.pk)[0]
    assert (event.verb, event.subject_id) == ("user.told_all", str(village.rows["STUDENT"]))


def test_it_is_for_who_may_see_it_all(village: Village, administrator: Client, stranger: Client) -> None:
    it = signed_in(member(village.district, "it", "it_administrator"))
    assert it.get(village.path(PAGE)).status_code == 403
    for who in ("registrar", "principal", "colleague", "teacher", "student"):
        assert signed_in(village.accounts[who]).get(village.path(PAGE)).status_code == 403, who
    assert stranger.get(village.path(PAGE)).status_code == 404
    assert "Export everything" in administrator.get(village.path("people/STUDENT/")).content.decode()
    assert "Export everything" not in it.get(village.path("people/STUDENT/")).content.decode()
