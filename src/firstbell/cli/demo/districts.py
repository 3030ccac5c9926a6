"""The demo's districts and people. Made once; a second start finds them."""

import json
import os
import secrets
import tempfile
from pathlib import Path

from firstbell.cli.demo import packages
from firstbell.domain.accounts.actions import give_membership, open_account, set_credential
from firstbell.domain.accounts.models import Role as AccountRole
from firstbell.domain.accounts.queries import find_account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.actions import add_district
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.models import Enrollment, Role, Source, User
from firstbell.domain.roster.sources import add_source

MAPLE, JUNIPER = "maple-valley", "juniper"
Login = dict[str, str]


def make_demo(home: Path, url: str) -> list[Login]:
    """The demo's districts, unless they are there; writes ``demo.json`` and returns its log-ins."""
    path = home / "demo.json"
    logins: list[Login] = []
    if path.exists() and find_district(JUNIPER) is not None:
        logins = json.loads(path.read_text())["logins"]
    else:
        logins = [*_make_maple(), *_make_juniper()]
    _write(path, {"url": url, "logins": logins})
    return logins


def _write(path: Path, content: dict[str, object]) -> None:
    """Readable by its owner alone: it holds passwords."""
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, indent=2)
    part.replace(path)


def _make_maple() -> list[Login]:
    district = find_district(MAPLE) or add_district(
        MAPLE, "Maple Valley Unified", by=OPERATOR, method="automated", time_zone="America/Denver"
    )
    source = _fresh_source(district, "Student information system")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        nights = [packages.write_night(folder, day) for day in range(3)]
        nights += [packages.write_night_with_mistakes(folder, 3), packages.write_broken_export(folder, 4)]
        for night in nights:
            carry_out(district, receive_path(district, source, night, by=OPERATOR), by=OPERATOR)
    with within(district):
        principal = _person_with(district, "principal")
        teacher = _teacher_with_students(district)
        student = _student_of(district, teacher)
    return [
        _adult(district, AccountRole.DISTRICT_ADMINISTRATOR, "admin@maple-valley.example.org", "Dana Whitfield"),
        _adult(district, AccountRole.IT_ADMINISTRATOR, "it@maple-valley.example.org", "Ravi Menon"),
        _adult(district, AccountRole.PRINCIPAL, "principal@maple-valley.example.org", _name(principal), principal),
        _adult(district, AccountRole.TEACHER, "teacher@maple-valley.example.org", _name(teacher), teacher),
        _student(district, student),
    ]


def _make_juniper() -> list[Login]:
    district = find_district(JUNIPER) or add_district(
        JUNIPER, "Juniper Charter School", by=OPERATOR, method="self_managed", time_zone="America/Chicago"
    )
    source = _fresh_source(district, "Templates")
    with tempfile.TemporaryDirectory() as made:
        package = packages.write_charter(Path(made))
        carry_out(district, receive_path(district, source, package, by=OPERATOR), by=OPERATOR)
    return [_adult(district, AccountRole.DISTRICT_ADMINISTRATOR, "admin@juniper.example.org", "Noor Haddad")]


def _fresh_source(district: District, name: str) -> Source:
    """A start that was stopped half-way may have left one."""
    with within(district):
        found = Source.objects.filter(district_id=district.pk, name=name).first()
    return found or add_source(district, name, by=OPERATOR)


def _adult(district: District, role: AccountRole, email: str, name: str, person: User | None = None) -> Login:
    password = f"{secrets.token_hex(4)}-{secrets.token_hex(4)}"
    account = find_account(email)
    if account is None:
        account = open_account(email, name, password=password, by=OPERATOR)
    else:
        account.set_password(password)
        account.save(update_fields=["password"])
    give_membership(district, account, role, person_id=person.id if person else None, by=OPERATOR)
    return {"role": role.value, "district": district.code, "username": email, "password": password}


def _student(district: District, person: User) -> Login:
    password = f"bell-{secrets.token_hex(3)}"
    username = person.username or ""
    set_credential(district, person.id, username, password, by=OPERATOR, name=_name(person))
    return {"role": "student", "district": district.code, "username": username, "password": password}


def _name(person: User) -> str:
    return f"{person.given_name} {person.family_name}"


def _person_with(district: District, role: str) -> User:
    held = Role.objects.filter(district_id=district.pk, role=role, removed_at=None).order_by("id").values("user_id")
    return User.objects.filter(district_id=district.pk, id__in=held, removed_at=None).order_by("id")[0]


def _teacher_with_students(district: District) -> User:
    teaching = Enrollment.objects.filter(district_id=district.pk, role="teacher", removed_at=None).values("user_id")
    return User.objects.filter(district_id=district.pk, id__in=teaching, removed_at=None).order_by("id")[0]


def _student_of(district: District, teacher: User) -> User:
    enrollments = Enrollment.objects.filter(district_id=district.pk, removed_at=None)
    classes = enrollments.filter(user_id=teacher.id, role="teacher").values("class_id")
    members = enrollments.filter(class_id__in=classes, role="student").values("user_id")
    return User.objects.filter(district_id=district.pk, id__in=members, removed_at=None).order_by("id")[0]
