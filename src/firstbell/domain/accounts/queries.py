"""Reading accounts, memberships and credentials."""

from firstbell.domain.accounts.models import Account, Credential, Membership
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


def find_credential(district: District, username: str) -> Credential | None:
    """The credential with this username, however it is spelled."""
    with within(district):
        return Credential.objects.select_related("account").filter(username_key=username_key(username)).first()


def find_credential_of(district: District, user_id: int) -> Credential | None:
    """The credential of a person on the roster."""
    with within(district):
        return Credential.objects.select_related("account").filter(user_id=user_id).first()
