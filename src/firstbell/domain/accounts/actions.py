"""Opening accounts, giving memberships, setting credentials."""

from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from firstbell.domain.accounts.bands import length_for
from firstbell.domain.accounts.models import Account, Credential, Membership, Role
from firstbell.domain.accounts.printed import OF_A_PASSWORD, forget_printed
from firstbell.domain.accounts.queries import find_account, find_account_of_student
from firstbell.domain.accounts.signin import LONGEST
from firstbell.domain.accounts.usernames import normalize_password, username_key
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.emptying import NotPractice
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within


class AddressTaken(Exception):
    """Another account has this e-mail."""


class UsernameTaken(Exception):
    """Another person of the district has this username."""


class LastAdministrator(Exception):
    """A district keeps one district administrator, or nobody could let another in."""


class BadCredential(ValueError):
    """A username or password cannot be so; the text says why, for the one who typed it."""


@transaction.atomic
def open_account(email: str, name: str, *, password: str | None = None, by: Actor) -> Account:
    """Open an adult's account, which signs in by e-mail; without a password it cannot sign in yet.

    Raises AddressTaken, and Django's ValidationError for a password that is too short or too common.
    """
    if find_account(email) is not None:
        raise AddressTaken
    if password is not None:
        validate_password(password, Account(email=email, name=name))
    account = Account.objects.create_user(email, password, name=name.strip())
    record(None, "account.opened", by=by, subject_kind="account", subject_id=account.pk)
    return account


@transaction.atomic
def change_password(account: Account, password: str, *, by: Actor) -> None:
    """Give an adult another password; the sessions that are open with the old one end.

    Raises Django's ValidationError for a password that is too short or too common.
    """
    validate_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])
    record(None, "account.password_changed", by=by, subject_kind="account", subject_id=account.pk)


@transaction.atomic
def close_account(account: Account, *, by: Actor) -> None:
    """Nobody signs in with it any more, and who is signed in is out with the next request."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    record(None, "account.closed", by=by, subject_kind="account", subject_id=account.pk)


def give_membership(
    district: District, account: Account, role: Role | str, *, person_id: int | None = None, by: Actor
) -> Membership:
    """Make an account something in a district; the same again only ties it to the person on the roster."""
    with within(district):
        membership, _ = Membership.objects.update_or_create(
            account=account, district=district, role=Role(role), defaults={"person_id": person_id}
        )
        _note(district, "membership.given", account, by, role=membership.role)
    return membership


def take_membership(district: District, membership: Membership, *, by: Actor) -> None:
    """End what an account is in a district, from its next request on. Raises LastAdministrator."""
    with within(district):
        _ensure_not_last(district, membership)
        _note(district, "membership.taken", membership.account, by, role=membership.role)
        Membership.objects.filter(pk=membership.pk, district=district).delete()


def forget_members(district: District) -> None:
    """End every membership of a practice space, with the accounts that were made for its made-up students.

    Raises NotPractice. Accounts of adults, which sign in by e-mail, are nobody's but theirs.
    """
    if not district.is_practice:
        raise NotPractice(district.pk)
    with within(district):
        members = Membership.objects.filter(district=district)
        Account.objects.filter(email=None, pk__in=members.values("account_id")).delete()
        members.delete()


def change_role(district: District, membership: Membership, role: Role | str, *, by: Actor) -> None:
    """Make an account something else in the district. Raises LastAdministrator."""
    with within(district):
        if role == membership.role:
            return
        _ensure_not_last(district, membership)
        give_membership(district, membership.account, role, person_id=membership.person_id, by=by)
        take_membership(district, membership, by=by)


def _ensure_not_last(district: District, membership: Membership) -> None:
    """Two who take each other's at the same moment wait for one another."""
    if membership.role != Role.DISTRICT_ADMINISTRATOR:
        return
    administrators = Membership.objects.filter(district=district, role=membership.role, account__is_active=True)
    kept = list(administrators.order_by("id").select_for_update(of=("self",)))
    if all(one.account_id == membership.account_id for one in kept):
        raise LastAdministrator


def set_credential(
    district: District,
    user_id: int,
    username: str,
    password: str,
    *,
    by: Actor,
    name: str = "",
    role: Role | str = Role.STUDENT,
    grades: Iterable[str] | None = None,
) -> Credential:
    """Give a person on the roster (their row's id) a username and password, or new ones.

    The first makes their account, with an opaque name, and its membership; each ends the sessions that are open with
    the old one. With `grades` the password has to be as long as the district asks of them; without, it is taken as it
    is (a file's, say). Raises BadCredential and UsernameTaken.
    """
    _ensure_good(username, password)
    if grades is not None:
        _ensure_long_enough(district, password, grades)
    with within(district):
        credential = Credential.objects.select_related("account").filter(user_id=user_id).first()
        is_new = credential is None
        found = find_account_of_student(district, user_id) if role == Role.STUDENT else None
        account = credential.account if credential else found or _fresh_account(name)
        credential = credential or Credential(district=district, user_id=user_id, account=account)
        credential.username, credential.username_key = username.strip(), username_key(username)
        credential.password = make_password(normalize_password(password))
        _save(credential)
        account.set_unusable_password()  # anew each time: sessions hang on it
        account.name = name or account.name
        account.save(update_fields=["password", "name"])
        forget_printed(district, [user_id], OF_A_PASSWORD)
        if is_new:
            give_membership(district, account, role, person_id=user_id, by=by)
        record(district.pk, "credential.set", by=by, subject_kind="user", subject_id=user_id)
    return credential


def remove_credential(district: District, user_id: int, *, by: Actor) -> bool:
    """Take a person's username, password and the account that came with them; False where there was none."""
    with within(district):
        credential = Credential.objects.select_related("account").filter(user_id=user_id).first()
        if credential is None:
            return False
        credential.account.delete()
        record(district.pk, "credential.removed", by=by, subject_kind="user", subject_id=user_id)
    return True


def _ensure_good(username: str, password: str) -> None:
    if not username_key(username) or len(username_key(username)) > LONGEST or not username.isprintable():
        raise BadCredential(f"A username has 1 to {LONGEST} characters that can be seen.")
    if not password.strip() or len(password) > LONGEST:
        raise BadCredential(f"A password has 1 to {LONGEST} characters, not only spaces.")


def _ensure_long_enough(district: District, password: str, grades: Iterable[str]) -> None:
    least = length_for(district, grades)
    if len(normalize_password(password)) < least:
        raise BadCredential(f"Here, a password has at least {least} characters.")


def _fresh_account(name: str) -> Account:
    return Account.objects.create_user(name=name)


def _save(credential: Credential) -> None:
    try:
        with transaction.atomic():
            credential.save()
    except IntegrityError as fault:
        if "accounts_credential_username" in str(fault):
            raise UsernameTaken from None
        raise


def _note(district: District, verb: str, account: Account, by: Actor, *, role: str) -> None:
    record(district.pk, verb, by=by, subject_kind="account", subject_id=account.pk, detail={"role": role})
