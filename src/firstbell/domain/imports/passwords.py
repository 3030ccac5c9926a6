"""First passwords that came with a roster: used to open log-ins, then gone. Never stored, shown or logged."""

from django.db import transaction

from firstbell.domain.accounts.actions import BadCredential, UsernameTaken, set_credential
from firstbell.domain.accounts.models import Credential
from firstbell.domain.accounts.models import Role as LoginRole
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import PASSWORDS, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.models import Record, Role, User
from firstbell.domain.roster.sources import OF_CASES


def use_passwords(district: District, run: Run, *, confirmed: bool = False) -> int:
    """Open a log-in for each person who came with a password and has none yet. Returns how many; safe to repeat.

    Those of a One-Time Assisted case stay sealed until the district has ``confirmed`` the accounts.
    """
    if run.source.kind == OF_CASES and not confirmed:
        return 0
    folder = RunFolder(district, run.pk)
    given = folder.read_frame(PASSWORDS)
    if given is None:
        return 0
    opened = 0
    for key, password in zip(given["sourcedId"].to_list(), given["password"].to_list(), strict=True):
        with within(district):
            person = _person_without_login(district, run, key)
            if person is not None and person.username:
                opened += _open(district, person, password)
    transaction.on_commit(lambda: folder.delete(PASSWORDS))  # who dies before that finds them again
    return opened


def _person_without_login(district: District, run: Run, key: str) -> User | None:
    record = Record.objects.filter(
        district_id=district.pk, source_id=run.source_id, kind=KINDS["users"], source_key=key, present=True
    ).first()
    if record is None or Credential.objects.filter(district_id=district.pk, user_id=record.row_id).exists():
        return None
    return User.objects.filter(district_id=district.pk, id=record.row_id, removed_at=None).first()


def _open(district: District, person: User, password: str) -> int:
    role = _login_role(district, person)
    if role is None:
        return 0
    name = f"{person.given_name or ''} {person.family_name or ''}".strip()
    try:
        set_credential(district, person.id, person.username or "", password, by=SYSTEM, name=name, role=role)
    except (BadCredential, UsernameTaken):
        return 0
    return 1


def _login_role(district: District, person: User) -> LoginRole | None:
    """What the person signs in as. Who is neither student nor teacher is invited by e-mail, never let in by a file."""
    with within(district):
        roles = Role.objects.filter(district_id=district.pk, user_id=person.id, removed_at=None)
        words = set(roles.values_list("role", flat=True))
    if "teacher" in words:
        return LoginRole.TEACHER
    return LoginRole.STUDENT if words == {"student"} else None
