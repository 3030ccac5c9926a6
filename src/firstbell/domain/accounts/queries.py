"""Reading accounts, memberships and credentials."""

from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet

from firstbell.domain.accounts.models import Account, Badge, Credential, Membership, Role
from firstbell.domain.accounts.permissions import ROLE_PERMISSIONS, Permission
from firstbell.domain.accounts.usernames import username_key
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within


def find_account(email: str) -> Account | None:
    """The account with this e-mail, in whatever case."""
    return Account.objects.filter(email=email.strip().lower()).first()


def list_memberships(account: Account) -> list[Membership]:
    """What an account is, each with its district and account; none for an account that is closed."""
    memberships = Membership.objects.filter(account=account, account__is_active=True)
    return list(memberships.select_related("district", "account").order_by("district__name", "role", "id"))


def list_members(district: District, *, words: str = "", limit: int = 200) -> list[Membership]:
    """Adults with a membership of the district, each with the account; whose name or e-mail holds the words."""
    members = Membership.objects.filter(district=district, account__email__isnull=False, account__is_active=True)
    if words.strip():
        members = members.filter(Q(account__name__icontains=words.strip()) | Q(account__email__icontains=words.strip()))
    return list(members.select_related("account").order_by("account__name", "id")[:limit])


def list_all_of(district: District, role: Role) -> list[Membership]:
    """All adults who are this in the district, however many, each with the account."""
    members = Membership.objects.filter(district=district, role=role, account__email__isnull=False)
    return list(members.filter(account__is_active=True).select_related("account").order_by("account__name", "id"))


def who_has_second_factor(accounts: Iterable[Account]) -> set[int]:
    """Those of these accounts (ids) that sign in with a second step."""
    factors = Authenticator.objects.filter(user_id__in=[account.pk for account in accounts])
    return set(factors.exclude(type=Authenticator.Type.RECOVERY_CODES).values_list("user_id", flat=True))


def count_administrators(district: District) -> int:
    """How many district administrators could let others in."""
    role = Role.DISTRICT_ADMINISTRATOR
    members = Membership.objects.filter(district=district, role=role, account__is_active=True)
    return members.values("account_id").distinct().count()


def list_administrators(district: District) -> list[Account]:
    """Who can let others in, each once: district and IT administrators."""
    roles = [role for role in Role if Permission.MANAGE_MEMBERSHIPS in ROLE_PERMISSIONS[role]]
    members = Membership.objects.filter(district=district, role__in=roles, account__is_active=True)
    return list(Account.objects.filter(pk__in=members.values("account_id")).order_by("name", "id"))


def find_credential(district: District, username: str) -> Credential | None:
    """The credential with this username, however it is spelled."""
    with within(district):
        return Credential.objects.select_related("account").filter(username_key=username_key(username)).first()


def find_credential_of(district: District, user_id: int) -> Credential | None:
    """The credential of a person on the roster."""
    with within(district):
        return Credential.objects.select_related("account").filter(user_id=user_id).first()


def find_account_of_student(district: District, user_id: int) -> Account | None:
    """The account that a student on the roster has by a credential or a badge; never an adult's."""
    found = Membership.objects.select_related("account").filter(
        district=district, role=Role.STUDENT, person_id=user_id, account__email=None
    )
    membership = found.order_by("id").first()
    return membership.account if membership else None


def accounts_of_person(district: District, user_id: int) -> set[int]:
    """The accounts (ids) that came into being for a person on the roster: by a password, a badge or both."""
    whose = {"district": district, "user_id": user_id}
    held = [model._default_manager.filter(**whose, account__email=None) for model in (Credential, Badge)]
    member = Membership.objects.filter(district=district, person_id=user_id, account__email=None)
    return {account_id for found in (*held, member) for account_id in found.values_list("account_id", flat=True)}


def who_can_sign_in(district: District, person_ids: Iterable[int]) -> set[int]:
    """Those of these people on the roster (row ids) who have an open account with a password or a badge."""
    found = memberships_that_open(district).filter(person_id__in=list(person_ids))
    return {person_id for person_id in found.values_list("person_id", flat=True) if person_id is not None}


def memberships_that_open(district: District) -> QuerySet[Membership]:
    """Memberships of open accounts that have a password or a badge: their bearers can sign in."""
    with_credential = Credential.objects.filter(district=district, account_id=OuterRef("account_id"))
    with_badge = Badge.objects.filter(district=district, account_id=OuterRef("account_id"), voided_at=None)
    no_password = Q(account__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    memberships = Membership.objects.filter(district=district, account__is_active=True)
    return memberships.filter(Exists(with_credential) | Exists(with_badge) | ~no_password)
