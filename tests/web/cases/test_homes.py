"""Every state that waits for somebody is on somebody's home page: all of them are walked."""

import html
import uuid

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.cases.conftest import TwoSides, staff_account
from tests.web.rooms.conftest import signed_in

from firstbell.domain.accounts.models import Account, StaffRole
from firstbell.domain.accounts.spaces import ask_for_space
from firstbell.domain.advice.contacts import name_contact
from firstbell.domain.advice.models import ContactRole
from firstbell.domain.assisted.models import Case, CaseState, Side
from firstbell.domain.assisted.states import WAITS_FOR, keep
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _put(sides: TwoSides, case: Case, state: CaseState, *, asks: bool = False) -> None:
    """A case in a state, as if it had come there: how it comes there is told elsewhere."""
    with within(sides.district):
        now = sides.again(case)
        now.state, now.asks, now.since = state, asks, timezone.now()
        keep(sides.district, now)


def _home(client: Client) -> str:
    answer = client.get("/", follow=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def _homes(sides: TwoSides, case: Case, manager: Account) -> dict[str, bool]:
    """On whose home page something waits that is this case."""
    desk = _home(sides.desk)
    queue = sides.desk.get("/desk/", {"q": sides.district.code}).content.decode()
    mine = sides.at_desk(case)
    portfolio = _home(signed_in(manager))
    return {
        "district": f"Case {case.pk} waits for you" in _home(sides.office),
        "services": mine in queue and ("cases wait" in desk or "case waits" in desk),
        "manager": sides.district.name in portfolio
        and f"Case: {CaseState(sides.again(case).state).label}" in portfolio,
    }


@pytest.mark.parametrize("state", list(CaseState))
def test_a_case_is_on_the_home_page_of_whoever_has_the_next_step(sides: TwoSides, state: CaseState) -> None:
    manager = staff_account("Cal Sutter", StaffRole.CUSTOMER_SUCCESS)
    name_contact(sides.district, ContactRole.CUSTOMER_SUCCESS, manager.name, manager.email or "", by=OPERATOR)
    case = sides.ask()
    _put(sides, case, state)
    side, is_open = WAITS_FOR[state], state not in {CaseState.SIGNED_OFF, CaseState.CANCELLED}
    assert _homes(sides, case, manager) == {
        "district": side == Side.DISTRICT,
        "services": side == Side.SERVICES,
        "manager": is_open,
    }
    if is_open:  # what the district asked is Technical Services' besides
        _put(sides, case, state, asks=True)
        assert _homes(sides, case, manager)["services"]


def test_a_request_and_a_space_that_are_asked_for_wait_on_a_home_page(sides: TwoSides) -> None:
    manager = staff_account("Cal Sutter", StaffRole.CUSTOMER_SUCCESS)
    name_contact(sides.district, ContactRole.CUSTOMER_SUCCESS, manager.name, manager.email or "", by=OPERATOR)
    sides.office.post(sides.path("contact/"), {"message": "May we have more seats?"})
    assert "Districts wait for an answer" in _home(signed_in(manager))
    ask_for_space("Elm School", "Ada", f"{uuid.uuid4().hex}@elm.example", time_zone="America/Chicago")
    assert "Somebody asks for a space" in _home(sides.desk)


def test_a_plan_that_waits_for_the_desk_waits_for_no_administrator(sides: TwoSides) -> None:
    case = sides.bring(sides.ask())
    for page in ("", "runs/", f"runs/{case.run_id}/"):
        said = html.unescape(sides.office.get(sides.path(page)).content.decode())
        assert f"Technical Services looks at the plan and imports it: case {case.pk}" in said
        assert "An administrator decides" not in said
    _put(sides, case, CaseState.CHECKED)
    assert "The district looks at what was found" in _home(sides.office)
