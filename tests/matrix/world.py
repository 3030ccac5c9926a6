"""One district with everyone who may come to its doors, and the things that its addresses are about."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from django.test import Client
from tests.conftest import new_district
from tests.matrix import by_hand
from tests.web.rooms.conftest import BACKEND, PASSWORD, House, make_house, member

from firstbell.domain.accounts.actions import give_membership, open_account
from firstbell.domain.accounts.badges import make_badge, secret_of
from firstbell.domain.accounts.inviting import Invited, invite
from firstbell.domain.accounts.models import Account, Membership, SpaceRequest, StaffRole
from firstbell.domain.accounts.models import Role as MembershipRole
from firstbell.domain.accounts.permissions import ROLE_PERMISSIONS, Permission
from firstbell.domain.accounts.spaces import ask_for_space
from firstbell.domain.accounts.staff import add_staff, begin_visit
from firstbell.domain.accounts.visits import STAFF_SEE, find_staff, find_visit
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.access import OF_A_SCHOOL
from firstbell.domain.roster.models import Enrollment, Source
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

HERE, OTHER_SCHOOL, ELSEWHERE, SIGNED_OUT = "here", "another school", "another district", "signed out"


@dataclass(frozen=True)
class Person:
    """Somebody at the doors: with which permissions, and where."""

    name: str
    place: str
    permissions: frozenset[Permission] = frozenset()
    account: Account | None = None
    is_staff: bool = False
    is_read_only: bool = False
    """Vendor staff on a visit here."""
    has_whole_district: bool = False

    @property
    def is_adult(self) -> bool:
        """Whether they sign in by e-mail."""
        return bool(self.account and self.account.email)

    @cached_property
    def client(self) -> Client:
        """A session that lasts."""
        return self.comes()

    def comes(self, *, strictly: bool = False) -> Client:
        """A browser's session of its own; ``strictly`` asks for CSRF tokens as a server does."""
        client = Client(enforce_csrf_checks=strictly)
        if self.account is not None:
            client.force_login(self.account, backend=BACKEND)
        return client


@dataclass(frozen=True)
class World:
    """The district, the people, and one of each thing."""

    house: House
    people: tuple[Person, ...]
    run_id: int
    source_id: int
    row_id: int

    def let_visitors_in(self) -> None:
        """Begin a visit where none goes on."""
        for person in self.people:
            if person.is_read_only and person.account and not find_visit(person.account, self.house.district.code):
                staff = find_staff(person.account)
                assert staff is not None
                begin_visit(self.house.district, staff, "The matrix looks at every door.", by=OPERATOR)

    def new_request(self) -> SpaceRequest:
        """A school that asks for a space."""
        email = f"{uuid.uuid4().hex}@example.org"
        return ask_for_space("Matrix Charter School", "Mat Rix", email, time_zone="America/Chicago")

    def badge(self) -> str:
        """What the badge of the student says."""
        badge = make_badge(self.house.district, self.house.person_ids["student"], by=OPERATOR)
        return secret_of(self.house.district, badge)

    def new_member(self) -> Membership:
        """A teacher whom no other request is about."""
        account = open_account(f"{uuid.uuid4().hex}@example.org", "Passing Whitfield", by=OPERATOR)
        return give_membership(self.house.district, account, MembershipRole.TEACHER, by=OPERATOR)

    def new_invitation(self) -> Invited:
        """One that no other request is about."""
        email = f"{uuid.uuid4().hex}@example.org"
        return invite(self.house.district, email, "Inga New", MembershipRole.TEACHER, by=OPERATOR)

    def parameter(self, name: str) -> object:
        """What stands in an address under this name."""
        return PARAMETERS[name].make(self)


class Parameter(NamedTuple):
    """What fills a parameter of an address."""

    make: Callable[[World], object]
    is_of_a_school: bool = False
    """Not there for people of other schools."""


PARAMETERS: dict[str, Parameter] = {
    "code": Parameter(lambda world: world.house.district.code),
    "run_id": Parameter(lambda world: world.run_id),
    "source_id": Parameter(lambda world: world.source_id),
    "person_id": Parameter(lambda world: world.house.person_ids["student"], is_of_a_school=True),
    "other_id": Parameter(lambda world: by_hand.new_student(world.house)["person_id"], is_of_a_school=True),
    "row_id": Parameter(lambda world: world.row_id),
    "class_id": Parameter(lambda world: world.house.own_class, is_of_a_school=True),
    "role_id": Parameter(lambda world: by_hand.new_student(world.house)["role_id"], is_of_a_school=True),
    "place_id": Parameter(lambda world: by_hand.new_class(world.house)["place_id"], is_of_a_school=True),
    "org_id": Parameter(lambda world: by_hand.new_school(world.house)["org_id"], is_of_a_school=True),
    "term_id": Parameter(lambda world: by_hand.new_term(world.house)["term_id"]),
    "event_id": Parameter(lambda world: by_hand.new_act(world.house)["event_id"]),
    "guide": Parameter(lambda world: "first-roster"),
    "name": Parameter(lambda world: "roster.zip"),
    "column": Parameter(lambda world: "email"),
    "table": Parameter(lambda world: "users"),
    "ending": Parameter(lambda world: ".csv"),
    "membership_id": Parameter(lambda world: world.new_member().pk),
    "invitation_id": Parameter(lambda world: world.new_invitation().invitation.pk),
    "secret": Parameter(lambda world: world.new_invitation().secret),
    "client_id": Parameter(lambda world: 2**61),
    "path": Parameter(lambda world: "users"),
    "withheld_id": Parameter(lambda world: 2**61),
    "given_id": Parameter(lambda world: 2**61),
    "case_id": Parameter(lambda world: by_hand.new_case(world.house)["case_id"]),
    "succession_id": Parameter(lambda world: by_hand.new_succession(world.house)["succession_id"]),
    "reference": Parameter(lambda world: by_hand.new_prospect()),
    "product": Parameter(lambda world: by_hand.new_product()),
    "request_id": Parameter(lambda world: world.new_request().pk),
    "token": Parameter(lambda world: world.badge()),
    "pk": Parameter(lambda world: 0),
    "uidb36": Parameter(lambda world: "a1"),
    "key": Parameter(lambda world: "no-such-key"),
}


def make_world(folder: Path) -> World:
    """Everything once; what a door changes is never what another is asked about."""
    house = make_house(folder)
    with within(house.district):
        place = Enrollment.objects.filter(user_id=house.person_ids["student"], removed_at=None).order_by("id").first()
        source = Source.objects.get(district_id=house.district.pk)
    assert place is not None
    write(sample(300, seed=8), folder / "next.zip", version="1.2")
    run = carry_out(
        house.district, receive_path(house.district, source, folder / "next.zip", by=OPERATOR, dry_run=True)
    )
    return World(house, _people(house), run.pk, source.pk, place.id)


def _staff(name: str) -> Account:
    """Vendor staff with the second step that they need."""
    staff = add_staff(f"{uuid.uuid4().hex}@example.org", name, StaffRole.TECHNICAL_SERVICES, by=OPERATOR)
    staff.account.set_password(PASSWORD)
    staff.account.save()
    Authenticator.objects.create(user=staff.account, type=Authenticator.Type.TOTP, data={})
    return staff.account


def _people(house: House) -> tuple[Person, ...]:
    """One for each role here; a principal and a registrar of another school; strangers; nobody."""
    district, principal = house.district, house.person_ids["principal"]
    accounts = {
        MembershipRole.DISTRICT_ADMINISTRATOR: house.accounts["administrator"],
        MembershipRole.IT_ADMINISTRATOR: house.accounts["it"],
        MembershipRole.PRINCIPAL: house.accounts["principal"],
        MembershipRole.REGISTRAR: member(district, "registrar", "registrar", principal),
        MembershipRole.TEACHER: house.accounts["teacher"],
        MembershipRole.STUDENT: house.accounts["student"],
    }
    registrar_there = member(district, "registrar there", "registrar", house.person_ids["other principal"])
    elsewhere = new_district("Hilltop Charter School")
    strange = member(elsewhere, "stranger", "district_administrator")
    homeless = open_account(f"nobody.{district.pk}@example.org", "Nobody Anywhere", password=PASSWORD, by=OPERATOR)
    return (
        *(
            Person(role.value, HERE, ROLE_PERMISSIONS[role], account, has_whole_district=role not in OF_A_SCHOOL)
            for role, account in accounts.items()
        ),
        Person(
            "colleague",
            OTHER_SCHOOL,
            ROLE_PERMISSIONS[MembershipRole.PRINCIPAL],
            house.accounts["other principal"],
        ),
        Person("colleague who edits", OTHER_SCHOOL, ROLE_PERMISSIONS[MembershipRole.REGISTRAR], registrar_there),
        Person("stranger", ELSEWHERE, account=strange),
        Person(
            "visiting staff",
            HERE,
            STAFF_SEE,
            _staff("Vic Visitor"),
            is_staff=True,
            is_read_only=True,
            has_whole_district=True,
        ),
        Person("staff elsewhere", ELSEWHERE, account=_staff("Sue Elsewhere"), is_staff=True),
        Person("of no district", ELSEWHERE, account=homeless),
        Person("signed out", SIGNED_OUT),
    )
