"""Who is told of what: by real mail and a real call, once, and never with a name of the roster."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings
from tests.conftest import new_district
from tests.domain.sources.conftest import Fetching
from tests.engine.district import lakeside
from tests.postbox import Postbox, receiving
from tests.web.rooms.conftest import member
from tests.working import work_until_idle

from firstbell.connectors.contract import About, ForGood
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.sources.actions import set_timetable
from firstbell.domain.sources.ahead import look_ahead
from firstbell.domain.sources.letters import choose, set_webhook
from firstbell.domain.sources.models import Notice, Webhook


class Listener(HTTPServer):
    """A program of the district: keeps what it is told, and answers as it is set to."""

    came: list[tuple[str, bytes]]
    answers: int = 200


class Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append((self.headers["Firstbell-Signature"], body))
        self.send_response(self.server.answers)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Nothing."""


@pytest.fixture
def listener() -> Iterator[Listener]:
    with Listener(("127.0.0.1", 0), Handler) as made:
        made.came = []
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        yield made
        made.shutdown()
        thread.join()


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with receiving() as made:
        yield made


@pytest.fixture
def administrator(fetching: Fetching) -> Account:
    return member(fetching.district, "administrator", "district_administrator")


def _subjects(postbox: Postbox, account: Account) -> list[str]:
    work_until_idle("mail")
    return [str(letter["Subject"]) for letter in postbox.to(account.email or "")]


def test_a_hold_the_end_of_the_first_sync_and_a_trouble_are_told_and_then_that_it_works(
    fetching: Fetching, administrator: Account, postbox: Postbox
) -> None:
    fetching.rehearse()
    assert _subjects(postbox, administrator) == [
        "Lakeside Unified: Shelf nightly waits for you",
        "Lakeside Unified: The first sync is done",
    ]
    fetching.shelf.fails = [ForGood("The log-in was refused.", about=About.LOG_IN, remedy="Enter the new secret.")]
    fetching.sync()
    fetching.sync()
    subjects = _subjects(postbox, administrator)[2:]
    assert subjects == ["Lakeside Unified: Shelf nightly does not work", "Lakeside Unified: Shelf nightly works again"]
    letter = postbox.to(administrator.email or "")[2].get_content()
    assert "The log-in was refused. Enter the new secret." in letter
    assert f"/d/{fetching.district.code}/sources/{fetching.source_id}/" in letter


def test_when_all_is_well_nobody_hears_anything(fetching: Fetching, administrator: Account, postbox: Postbox) -> None:
    fetching.rehearse()
    before = len(_subjects(postbox, administrator))
    fetching.sync()
    fetching.lay(lakeside(5))
    fetching.sync()
    assert len(_subjects(postbox, administrator)) == before


def test_one_trouble_is_one_letter_however_many_nights_it_lasts(
    fetching: Fetching, administrator: Account, postbox: Postbox
) -> None:
    fetching.shelf.fails = [ForGood("No.", about=About.LOG_IN) for _ in range(3)]
    for _ in range(3):
        fetching.sync()
    assert len(_subjects(postbox, administrator)) == 1


def test_who_has_nothing_to_do_with_sources_is_not_told_nor_who_wants_nothing_nor_a_stranger(
    fetching: Fetching, administrator: Account, postbox: Postbox
) -> None:
    others = [member(fetching.district, role, role) for role in ("teacher", "principal", "registrar")]
    stranger = member(new_district("Hilltop"), "stranger", "district_administrator")
    choose(fetching.district, administrator, ["no-such-kind"], by=OPERATOR)
    fetching.sync()
    for account in (*others, stranger, administrator):
        assert _subjects(postbox, account) == []


def test_a_letter_names_nobody(fetching: Fetching, administrator: Account, postbox: Postbox) -> None:
    roster = lakeside()
    fetching.rehearse()
    fetching.lay(roster.without(*[row["sourcedId"] for row in roster["users"][:3]]))
    fetching.sync()
    work_until_idle("mail")
    letters = postbox.to(administrator.email or "")  # what other tests left in the queue comes too
    text = "".join(str(letter.get_content()) + str(letter["Subject"]) for letter in letters)
    assert text
    for user in roster["users"]:
        assert user["familyName"] not in text or user["familyName"] in "Lakeside Unified Shelf nightly"


def test_a_hold_that_nobody_answers_is_told_to_everybody_who_may_decide(
    fetching: Fetching, administrator: Account, postbox: Postbox
) -> None:
    quiet = member(fetching.district, "it", "it_administrator")
    choose(fetching.district, quiet, [], by=OPERATOR)
    fetching.sync()
    now = datetime.now(tz=UTC)
    look_ahead(fetching.district, now + timedelta(hours=47))
    assert _subjects(postbox, quiet) == []
    for _ in range(2):
        look_ahead(fetching.district, now + timedelta(hours=49))
    (subject,) = _subjects(postbox, quiet)
    assert subject.startswith("Nobody has answered")
    assert len(_subjects(postbox, administrator)) == 2


def test_a_hold_that_was_answered_is_not_told_again(
    fetching: Fetching, administrator: Account, postbox: Postbox
) -> None:
    fetching.rehearse()
    before = len(_subjects(postbox, administrator))
    look_ahead(fetching.district, datetime.now(tz=UTC) + timedelta(hours=49))
    assert [subject for subject in _subjects(postbox, administrator)[before:] if "answered" in subject] == []


def test_days_off_are_told_the_day_before_once(fetching: Fetching, administrator: Account, postbox: Postbox) -> None:
    pauses = [{"first": "2027-06-10", "last": "2027-08-02", "why": "Summer"}]
    set_timetable(fetching.district, fetching.connection, times=["02:05"], weekdays=[0], pauses=pauses, by=OPERATOR)
    for day, hour in ((8, 12), (9, 12), (9, 13), (10, 12)):
        look_ahead(fetching.district, datetime(2027, 6, day, hour, tzinfo=UTC))
    assert _subjects(postbox, administrator) == ["Lakeside Unified: Shelf nightly pauses from tomorrow"]
    assert "August 2 (Summer)" in postbox.to(administrator.email or "")[0].get_content()


def test_the_week_is_told_on_monday_to_who_wants_it(
    fetching: Fetching, administrator: Account, postbox: Postbox
) -> None:
    choose(fetching.district, administrator, ["digest"], by=OPERATOR)
    fetching.sync()
    monday = datetime.now(tz=UTC)
    monday += timedelta(days=7 - monday.weekday() if monday.weekday() else 0)
    with within(fetching.district):  # the hold is of the day before, whichever day of the week it is now
        Notice.objects.update(created_at=monday - timedelta(days=1))
    for hour in (15, 16):
        look_ahead(fetching.district, monday.replace(hour=hour))
    assert _subjects(postbox, administrator) == ["Lakeside Unified: How the week went"]
    assert "0 applied, 1 waiting" in postbox.to(administrator.email or "")[0].get_content()


def test_a_program_is_told_signed_and_again_until_it_has_it(
    fetching: Fetching, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FIRSTBELL_REACHABLE_HOSTS", frozenset({"127.0.0.1"}))
    secret = set_webhook(fetching.district, f"http://127.0.0.1:{listener.server_port}/hook", by=OPERATOR)
    listener.answers = 500
    fetching.sync()
    work_until_idle("mail")
    with within(fetching.district):
        assert Webhook.objects.get().trouble == "It answered 500."
        assert not Notice.objects.get().called
    listener.answers = 204
    from firstbell.domain.sources.letters import tell

    with within(fetching.district):
        notice = Notice.objects.get()
    tell(fetching.district, notice.pk)
    tell(fetching.district, notice.pk)
    assert len(listener.came) == 2
    signature, body = listener.came[-1]
    at, _, digest = signature.removeprefix("t=").partition(",v1=")
    assert hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest() == digest
    said = json.loads(body)
    assert (said["kind"], said["district"], said["source"]) == ("held", fetching.district.code, fetching.source_id)


def test_a_program_on_this_machine_is_not_called_unless_the_operator_names_it(
    fetching: Fetching, listener: Listener
) -> None:
    set_webhook(fetching.district, f"https://127.0.0.1:{listener.server_port}/hook", by=OPERATOR)
    fetching.sync()
    work_until_idle("mail")
    assert listener.came == []
    with within(fetching.district):
        assert Webhook.objects.get().trouble
