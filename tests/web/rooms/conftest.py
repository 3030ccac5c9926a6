"""One made-up district with its roster applied, its people at the door, and a stranger's district beside it."""

import uuid
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker
from tests.conftest import new_district

from firstbell.domain.accounts.actions import give_membership, open_account, set_credential
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.models import Enrollment, Role
from firstbell.domain.roster.sources import add_source
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "a long enough password"


@dataclass(frozen=True)
class House:
    """A district, the account of each role in it (the principals are of two schools), and the rows they are about."""

    district: District
    accounts: dict[str, Account]
    schools: dict[str, int]
    """The school of each principal, as its row id."""
    person_ids: dict[str, int]
    """Who on the roster teacher, student and principals are."""
    own_class: int
    """A class of the teacher's and the student's."""
    student_username: str
    passwords: str = PASSWORD

    def path(self, rest: str = "") -> str:
        return f"/d/{self.district.code}/{rest}"

    def student_of(self, principal: str) -> int:
        """A student of a principal's school."""
        with within(self.district):
            roles = Role.objects.filter(org_id=self.schools[principal], role="student", removed_at=None)
            return roles.order_by("id").values_list("user_id", flat=True)[0] or 0

    def class_of(self, principal: str) -> int:
        """A class of a principal's school."""
        with within(self.district):
            places = Enrollment.objects.filter(school_id=self.schools[principal], removed_at=None).order_by("id")
            return places.values_list("class_id", flat=True)[0] or 0


@pytest.fixture(scope="session")
def house(
    migrated_database: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> House:
    """Made once: no test changes it."""
    with django_db_blocker.unblock():
        made = make_house(tmp_path_factory.mktemp("sample"))
        connections.close_all()
    return made


def make_house(folder: Path) -> House:
    """A district with three hundred students and everyone who signs in."""
    district = new_district("Maple Valley Unified")
    write(sample(300, seed=7), folder / "roster.zip", version="1.2")
    source = add_source(district, "PowerSchool nightly", by=OPERATOR)
    run = carry_out(district, receive_path(district, source, folder / "roster.zip", by=OPERATOR))
    assert run.state == "applied", run.message
    with within(district):
        principals = list(Role.objects.filter(role="principal").order_by("id")[:2])
        taught = Enrollment.objects.filter(role="teacher", school_id=principals[0].org_id).order_by("id").first()
        assert taught is not None
        learned = Enrollment.objects.filter(role="student", class_id=taught.class_id).order_by("id").first()
        assert learned is not None
    person_ids = {
        "principal": principals[0].user_id or 0,
        "other principal": principals[1].user_id or 0,
        "teacher": taught.user_id or 0,
        "student": learned.user_id or 0,
    }
    roles = {"administrator": "district_administrator", "it": "it_administrator", "teacher": "teacher"}
    roles |= {"principal": "principal", "other principal": "principal"}
    accounts = {name: member(district, name, role, person_ids.get(name)) for name, role in roles.items()}
    credential = set_credential(district, person_ids["student"], "amy", "pass1", name="Amy Whitfield", by=OPERATOR)
    accounts["student"] = credential.account
    schools = {"principal": principals[0].org_id or 0, "other principal": principals[1].org_id or 0}
    return House(district, accounts, schools, person_ids, taught.class_id or 0, credential.username)


def member(district: District, name: str, role: str, person_id: int | None = None) -> Account:
    """An account that is something in a district."""
    account = open_account(
        f"{uuid.uuid4().hex}@example.org", f"{name.title()} Whitfield", password=PASSWORD, by=OPERATOR
    )
    give_membership(district, account, role, person_id=person_id, by=OPERATOR)
    return account


def signed_in(account: Account) -> Client:
    """A browser without a face, in which this account is signed in."""
    client = Client()
    client.force_login(account, backend=BACKEND)
    return client


@pytest.fixture
def stranger(database: None) -> Client:
    """A district administrator of another district."""
    return signed_in(member(new_district("Hilltop Charter School"), "stranger", "district_administrator"))
