"""A district's office and the desk of Technical Services, at their browsers."""

import uuid
from dataclasses import dataclass

import pytest
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.conftest import new_district
from tests.engine.formats.lists import SIMPLE, Sheet
from tests.web.rooms.conftest import PASSWORD, member, signed_in, stranger
from tests.working import work_until_idle

from firstbell.domain.accounts.models import Account, StaffRole
from firstbell.domain.accounts.staff import add_staff
from firstbell.domain.assisted.models import Case
from firstbell.domain.assisted.queries import find_case, list_cases
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District

__all__ = ["stranger"]


def staff_account(name: str, role: StaffRole = StaffRole.TECHNICAL_SERVICES) -> Account:
    """Vendor staff with the second step that they need."""
    staff = add_staff(f"{uuid.uuid4().hex}@vendor.example", name, role, by=OPERATOR)
    staff.account.set_password(PASSWORD)
    staff.account.save()
    Authenticator.objects.create(user=staff.account, type=Authenticator.Type.TOTP, data={})
    return staff.account


@dataclass
class TwoSides:
    """Both sides of a case."""

    district: District
    contact: Account
    it: Account
    teacher: Account
    sam: Account

    @property
    def office(self) -> Client:
        return signed_in(self.contact)

    @property
    def desk(self) -> Client:
        return signed_in(self.sam)

    def path(self, rest: str = "") -> str:
        return f"/d/{self.district.code}/{rest}"

    def of_case(self, case: Case, rest: str = "") -> str:
        return self.path(f"cases/{case.pk}/{rest}")

    def at_desk(self, case: Case, rest: str = "") -> str:
        return f"/desk/{self.district.code}/{case.pk}/{rest}"

    def ask(self, **more: object) -> Case:
        """A case by the page."""
        asked = {"contact": str(self.contact.pk), "form": "simple", "schools": "Lincoln Elementary"} | more
        answer = self.office.post(self.path("cases/new/"), asked)
        assert answer.status_code == 302, answer.context["form"].errors
        return list_cases(self.district)[0]

    def bring(self, case: Case, sheets: dict[str, Sheet] | None = None) -> Case:
        """The files by the page, and a worker that looks at them."""
        files = [SimpleUploadedFile(f"{name}.csv", text.encode()) for name, text in (sheets or SIMPLE).items()]
        assert self.office.post(self.of_case(case, "files/"), {"package": files}).status_code == 302
        return self.work(case)

    def work(self, case: Case) -> Case:
        work_until_idle()
        return self.again(case)

    def again(self, case: Case) -> Case:
        found = find_case(self.district, case.pk)
        assert found is not None
        return found

    def imported(self) -> Case:
        """A case with its accounts made."""
        case = self.bring(self.ask())
        self.desk.post(self.at_desk(case, "claim/"))
        self.desk.post(self.at_desk(case, "import/"))
        return self.work(case)


@pytest.fixture
def sides(database: None) -> TwoSides:
    district = new_district("Lakeside Unified")
    contact, it = member(district, "tess", "district_administrator"), member(district, "ira", "it_administrator")
    return TwoSides(district, contact, it, member(district, "terry", "teacher"), staff_account("Sam Services"))
