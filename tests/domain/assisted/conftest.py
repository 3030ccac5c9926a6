"""A district that asks for One-Time Assisted, and somebody of Technical Services."""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from tests.conftest import new_district
from tests.engine.formats.lists import SIMPLE, Sheet
from tests.working import work_until_idle

from firstbell.domain.accounts.actions import give_membership, open_account
from firstbell.domain.accounts.models import Account, Membership, StaffMembership, StaffRole
from firstbell.domain.accounts.staff import add_staff
from firstbell.domain.accounts.viewer import Viewer, view_as
from firstbell.domain.assisted.bringing import bring_files
from firstbell.domain.assisted.models import Case
from firstbell.domain.assisted.opening import Wish, request_case
from firstbell.domain.assisted.queries import find_case
from firstbell.domain.audit.actor import OPERATOR, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import find_run

NOON = datetime(2026, 11, 30, 17, tzinfo=UTC)
"""A Monday in Chicago."""


def office_worker(district: District, name: str, role: str = "district_administrator") -> Viewer:
    """Somebody of a district who signs in."""
    account = open_account(f"{uuid.uuid4().hex}@example.org", name, password="a long enough password", by=OPERATOR)
    membership = give_membership(district, account, role, by=OPERATOR)
    return view_as(Membership.objects.select_related("account").get(pk=membership.pk))


def colleague(name: str, role: StaffRole = StaffRole.TECHNICAL_SERVICES) -> StaffMembership:
    """Somebody of the vendor."""
    return add_staff(f"{uuid.uuid4().hex}@vendor.example", name, role, by=OPERATOR)


def actor_of(staff: StaffMembership) -> Actor:
    return Actor("account", str(staff.account_id), staff.account.name)


@dataclass
class Office:
    """A district's office and the desk, with what they do most."""

    district: District
    contact: Viewer
    it: Viewer
    sam: StaffMembership
    kim: StaffMembership
    now: datetime = NOON
    sent: list[str] = field(default_factory=list)

    @property
    def by_sam(self) -> Actor:
        return actor_of(self.sam)

    def ask(self, **other: object) -> Case:
        """A case with nothing special about it, so its templates are ready at once."""
        wish = Wish(contact_id=self.contact.account_id or 0, **other)  # type: ignore[arg-type]
        return request_case(self.district, wish, now=self.now, by=self.contact)

    def bring(self, case: Case, sheets: dict[str, Sheet] | None = None) -> Case:
        """The files come, and a worker looks at them."""
        files = [(f"{name}.csv", io.BytesIO(text.encode())) for name, text in (sheets or SIMPLE).items()]
        bring_files(self.district, case, files, now=self.now, by=self.contact)
        return self.work(case)

    def work(self, case: Case) -> Case:
        """A worker does what waits; the case as it is then."""
        work_until_idle()
        return self.again(case)

    def again(self, case: Case) -> Case:
        found = find_case(self.district, case.pk)
        assert found is not None
        return found

    def run(self, case: Case) -> Run:
        run = find_run(self.district, case.run_id or 0)
        assert run is not None
        return run


@pytest.fixture
def office(database: None) -> Office:
    district = new_district("Lakeside Unified")
    contact, it = office_worker(district, "Tess Contact"), office_worker(district, "Ira Tee", "it_administrator")
    return Office(district, contact, it, colleague("Sam Services"), colleague("Kim Colleague"))


type MakeAccount = Callable[[str], Account]
