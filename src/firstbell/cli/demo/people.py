"""Who can sign in to the demo: people on its rosters, each with a random password of this installation."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password
from django.db import transaction
from django.utils import timezone

from firstbell.cli.demo.handout import Login
from firstbell.domain.accounts.actions import change_password, give_membership, open_account, set_credential
from firstbell.domain.accounts.models import Account, Role, StaffRole
from firstbell.domain.accounts.queries import find_account, find_credential
from firstbell.domain.accounts.staff import add_staff
from firstbell.domain.accounts.visits import find_staff
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import User
from firstbell.domain.roster.queries.classes import STUDENT, TEACHER, list_members
from firstbell.domain.roster.queries.keyset import Place
from firstbell.domain.roster.queries.own_classes import list_own_classes
from firstbell.domain.roster.queries.people import PeopleFilter, list_people
from firstbell.domain.roster.queries.person import find_person, name_of
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT

STAFF = {
    StaffRole.TECHNICAL_SERVICES: "Tess Turner",
    StaffRole.CUSTOMER_SUCCESS: "Cal Sutter",
    StaffRole.ACCOUNT_EXECUTIVE: "Avery Ecker",
    StaffRole.OPERATOR: "Otis Opperman",
}
"""Made-up people who work for the vendor."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""


@dataclass(frozen=True, slots=True)
class Doors:
    """A district, the log-ins of an earlier start, and where the pages are."""

    district: District
    earlier: tuple[Login, ...]
    url: str

    def find(self, role: Role) -> Login | None:
        """The earlier log-in of a role."""
        mine = (login for login in self.earlier if login.district == self.district.code)
        return next((login for login in mine if login.role == role), None)


def open_maple(doors: Doors) -> tuple[Login, ...]:
    """The district office, and a principal, a teacher and a student of one school, who know each other."""
    district = doors.district
    counselor = _first(district, "counselor")  # middle and high schools have one
    school = counselor.primary_org_id if counselor else None
    teacher = _first(district, TEACHER, school)
    logins = (
        _adult(doors, Role.DISTRICT_ADMINISTRATOR, _first(district, "districtAdministrator")),
        _adult(doors, Role.IT_ADMINISTRATOR, _first(district, "systemAdministrator")),
        _adult(doors, Role.PRINCIPAL, _first(district, "principal", school)),
        _adult(doors, Role.TEACHER, teacher),
        _student(doors, teacher),
    )
    return tuple(login for login in logins if login)


def open_juniper(doors: Doors) -> tuple[Login, ...]:
    """Its administrator."""
    login = _adult(doors, Role.DISTRICT_ADMINISTRATOR, _first(doors.district, "districtAdministrator"))
    return (login,) if login else ()


def open_willow(doors: Doors) -> tuple[Login, ...]:
    """Its administrator, who is the contact person of its case: nobody is on its roster yet."""
    earlier = doors.find(Role.DISTRICT_ADMINISTRATOR)
    email = earlier.username if earlier else "willa.crane@willow-creek.example.org"
    password = earlier.password if earlier else _password(3)
    account = find_account(email)
    if account is None:
        with transaction.atomic():
            account = open_account(email, "Willa Crane", password=password, by=OPERATOR)
            give_membership(doors.district, account, Role.DISTRICT_ADMINISTRATOR, by=OPERATOR)
    if not check_password(password, account.password):
        change_password(account, password, by=OPERATOR)
    door = f"{doors.url}account/login/"
    role = Role.DISTRICT_ADMINISTRATOR.value
    return (Login(role, doors.district.code, email, password, account.name, door),)


def open_staff(earlier: tuple[Login, ...], url: str) -> tuple[Login, ...]:
    """One of each role at the vendor; the demo asks them for no second step (processes.running)."""
    return tuple(_staff(earlier, url, role, name) for role, name in STAFF.items())


def _staff(earlier: tuple[Login, ...], url: str, role: StaffRole, name: str) -> Login:
    before = next((login for login in earlier if login.role == role), None)
    email = before.username if before else f"{name.lower().replace(' ', '.')}@firstbell.example"
    password = before.password if before else _password(3)
    account = find_account(email)
    if account is None or find_staff(account) is None:
        account = add_staff(email, name, role, by=OPERATOR).account
    if not check_password(password, account.password):
        change_password(account, password, by=OPERATOR)
    return Login(role.value, "", email, password, account.name, f"{url}account/login/")


def _adult(doors: Doors, role: Role, person: User | None) -> Login | None:
    """An account by e-mail, with the password of the handout: the earlier one, or else one of this person.

    None where neither is there: somebody has undone the roster.
    """
    earlier = doors.find(role)
    account = find_account(earlier.username) if earlier else None
    if account is None and (person is None or not person.email):
        return None
    password = earlier.password if earlier else _password(3)
    if account is None and person is not None:
        account = find_account(person.email or "") or _opened(doors, role, person, password)
    assert account is not None
    if not check_password(password, account.password):
        change_password(account, password, by=OPERATOR)
    door = f"{doors.url}account/login/"
    return Login(role.value, doors.district.code, account.email or "", password, account.name, door)


def _opened(doors: Doors, role: Role, person: User, password: str) -> Account:
    with transaction.atomic():
        account = open_account(person.email or "", name_of(person), password=password, by=OPERATOR)
        give_membership(doors.district, account, role, person_id=person.id, by=OPERATOR)
    return account


def _student(doors: Doors, teacher: User | None) -> Login | None:
    """A credential of the district: the earlier one, or else one of a student of this teacher."""
    district, earlier = doors.district, doors.find(Role.STUDENT)
    password = earlier.password if earlier else _password(2)
    credential = find_credential(district, earlier.username) if earlier else None
    if credential is None:
        student = _student_of(district, teacher) if teacher else None
        if student is None or not student.username:
            return None
        credential = set_credential(
            district, student.id, student.username, password, by=OPERATOR, name=name_of(student)
        )
    elif not check_password(password, credential.password):
        credential = set_credential(district, credential.user_id, credential.username, password, by=OPERATOR)
    door = f"{doors.url}signin/{district.code}/"
    name = credential.account.name
    return Login(Role.STUDENT.value, district.code, credential.username, password, name, door, site=district.code)


def _first(district: District, role: str, school: int | None = None) -> User | None:
    """The first person by name with a role (OneRoster's word), of the district or of a school."""
    with within(district):
        found = list_people(district, WHOLE_DISTRICT, PeopleFilter(role=role, school=school), Place(), limit=1).rows
    return _person(district, found[0].id) if found else None


def _student_of(district: District, teacher: User) -> User | None:
    with within(district):
        classes = list_own_classes(district, teacher.id, TEACHER, today=timezone.localdate())
        members = (member for group in classes for member in list_members(district, group.id))
        student = next((member for member in members if member.role == STUDENT), None)
    return _person(district, student.person_id) if student else None


def _person(district: District, person_id: int) -> User | None:
    with within(district):
        found = find_person(district, person_id)
    return found.row if found else None


def _password(groups: int) -> str:
    """Groups of five letters and digits: three make 17 characters and 74 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(groups))
