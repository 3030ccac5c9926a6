"""Inviting adults by a link, and taking the link up."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone

from firstbell.domain.accounts.actions import give_membership, open_account
from firstbell.domain.accounts.invitations import digest_of, open_invitations
from firstbell.domain.accounts.models import Account, Invitation, Role
from firstbell.domain.accounts.queries import find_account
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

DAYS = 7


class CannotInvite(ValueError):
    """Nobody can be invited so; the text says why, for the one who typed it."""


class NoSuchInvitation(Exception):
    """Not there, taken up, taken back or too old: the same answer for all."""


class OtherAccount(Exception):
    """The address has an account already, and who took up the link is not signed in as it."""


@dataclass(frozen=True)
class Invited:
    """An invitation and the secret of its link, which nobody can tell again."""

    invitation: Invitation
    secret: str


def invite(
    district: District, email: str, name: str, role: Role | str, *, person_id: int | None = None, by: Actor
) -> Invited:
    """Invite an adult to be something in the district. Another open link for the same ends. Raises CannotInvite."""
    email, role = email.strip().lower(), Role(role)
    if district.is_practice:
        raise CannotInvite("This is a practice space: nobody is invited here, and no letter leaves it.")
    if role == Role.STUDENT:
        raise CannotInvite("Students are not invited: they get a username and a password.")
    account = find_account(email)
    secret = secrets.token_urlsafe(32)
    with within(district):
        if account and account.memberships.filter(district=district, role=role).exists():
            raise CannotInvite(f"{account} is {role.label.lower()} here already.")
        open_invitations(district).filter(email=email, role=role).update(revoked_at=timezone.now())
        invitation = Invitation.objects.create(
            district=district,
            email=email,
            name=name.strip(),
            role=role,
            person_id=person_id,
            digest=digest_of(secret),
            invited_by=by.name,
            expires_at=timezone.now() + timedelta(days=DAYS),
        )
        _note(invitation, "invitation.made", by)
    return Invited(invitation, secret)


def revoke_invitation(district: District, invitation: Invitation, *, by: Actor) -> None:
    """Take a link back. Raises NoSuchInvitation where it is not open any more."""
    with within(district):
        if not open_invitations(district).filter(pk=invitation.pk).update(revoked_at=timezone.now()):
            raise NoSuchInvitation
        _note(invitation, "invitation.revoked", by)


def accept_invitation(
    district: District, secret: str, *, name: str = "", password: str | None = None, as_account: Account | None = None
) -> Account:
    """Take a link up: who has it has the address. Opens the account where there is none yet, and gives the membership.

    Raises NoSuchInvitation, OtherAccount, and Django's ValidationError for the password.
    """
    with within(district):
        found = open_invitations(district).select_for_update().filter(digest=digest_of(secret)).first()
        if found is None:
            raise NoSuchInvitation
        account = find_account(found.email)
        if account is None:
            by = Actor("account", "new", name.strip() or found.name)
            account = open_account(found.email, name.strip() or found.name, password=password or "", by=by)
        elif as_account is None or as_account.pk != account.pk:
            raise OtherAccount
        acting = Actor("account", str(account.pk), account.name)
        verify_address(account)
        Invitation.objects.filter(pk=found.pk).update(accepted_at=timezone.now())
        _note(found, "invitation.accepted", acting)
        give_membership(district, account, found.role, person_id=found.person_id, by=acting)
    return account


@transaction.atomic
def verify_address(account: Account) -> None:
    """Its e-mail address is its bearer's: allauth then sends there, and lets it have a second factor."""
    address = {"email": account.email, "verified": True, "primary": True}
    EmailAddress.objects.update_or_create(user=account, primary=True, defaults=address)


def _note(invitation: Invitation, verb: str, by: Actor) -> None:
    detail = {"role": invitation.role}
    record(invitation.district_id, verb, by=by, subject_kind="invitation", subject_id=invitation.pk, detail=detail)
