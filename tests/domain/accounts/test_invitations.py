"""Adults come in by a link: it proves their address, sets a password, opens once, and can be taken back."""

import uuid
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from firstbell.domain.accounts.access import (
    NoSuchMember,
    NotAllowed,
    access_invitation,
    access_member,
    roles_to_give,
)
from firstbell.domain.accounts.actions import (
    LastAdministrator,
    change_role,
    close_account,
    give_membership,
    open_account,
    take_membership,
)
from firstbell.domain.accounts.invitations import find_invitation, list_invitations
from firstbell.domain.accounts.inviting import (
    CannotInvite,
    NoSuchInvitation,
    OtherAccount,
    accept_invitation,
    invite,
    revoke_invitation,
)
from firstbell.domain.accounts.models import Account, Invitation, Membership, Role
from firstbell.domain.accounts.queries import list_memberships
from firstbell.domain.accounts.viewer import Viewer, view_as
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

PASSWORD = "a bell before eight"


@pytest.fixture
def email() -> str:
    return f"ada.{uuid.uuid4().hex}@example.org"


def _viewer(district: District, role: Role) -> Viewer:
    account = open_account(f"{uuid.uuid4().hex}@example.org", role.label, by=OPERATOR)
    return view_as(give_membership(district, account, role, by=OPERATOR))


def _membership(viewer: Viewer) -> Membership:
    return Membership.objects.get(pk=viewer.membership_id or 0)


def test_a_link_opens_an_account_with_its_address_proved_and_its_membership(district: District, email: str) -> None:
    invited = invite(district, email.upper(), "Ada L", Role.TEACHER, person_id=9, by=OPERATOR)
    account = accept_invitation(district, invited.secret, name="Ada Lovelace", password=PASSWORD)
    assert (account.email, account.name, account.check_password(PASSWORD)) == (email, "Ada Lovelace", True)
    (membership,) = list_memberships(account)
    assert (membership.district, membership.role, membership.person_id) == (district, Role.TEACHER, 9)
    address = EmailAddress.objects.get(user=account)
    assert (address.email, address.verified, address.primary) == (email, True, True)


def test_a_link_opens_once(district: District, email: str) -> None:
    secret = invite(district, email, "Ada", Role.TEACHER, by=OPERATOR).secret
    accept_invitation(district, secret, password=PASSWORD)
    with pytest.raises(NoSuchInvitation):
        accept_invitation(district, secret, password=PASSWORD)
    assert find_invitation(district, secret) is None


def test_a_link_opens_until_its_day_and_not_after_it_was_taken_back(district: District, email: str) -> None:
    late, taken = (invite(district, email, "Ada", role, by=OPERATOR) for role in (Role.TEACHER, Role.REGISTRAR))
    with within(district):
        Invitation.objects.filter(pk=late.invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    revoke_invitation(district, taken.invitation, by=OPERATOR)
    for secret in (late.secret, taken.secret):
        with pytest.raises(NoSuchInvitation):
            accept_invitation(district, secret, password=PASSWORD)
    assert list_invitations(district) == []
    with pytest.raises(NoSuchInvitation):
        revoke_invitation(district, taken.invitation, by=OPERATOR)


def test_a_second_link_for_the_same_ends_the_first(district: District, email: str) -> None:
    first, second = (invite(district, email, "Ada", Role.TEACHER, by=OPERATOR) for _ in range(2))
    assert find_invitation(district, first.secret) is None
    assert find_invitation(district, second.secret) == second.invitation


def test_a_link_opens_nothing_in_another_district(district: District, other_district: District, email: str) -> None:
    secret = invite(district, email, "Ada", Role.TEACHER, by=OPERATOR).secret
    assert find_invitation(other_district, secret) is None
    with pytest.raises(NoSuchInvitation):
        accept_invitation(other_district, secret, password=PASSWORD)


def test_a_bad_password_leaves_the_link_open_and_no_account(district: District, email: str) -> None:
    secret = invite(district, email, "Ada", Role.TEACHER, by=OPERATOR).secret
    for bad in ("short", "1q2w3e4r5t6y7u8i", ""):
        with pytest.raises(ValidationError):
            accept_invitation(district, secret, password=bad)
    assert find_invitation(district, secret)
    assert not Account.objects.filter(email=email).exists()


def test_who_has_an_account_joins_signed_in_as_it_and_keeps_the_password(
    district: District, other_district: District, email: str
) -> None:
    account = open_account(email, "Ada Lovelace", password=PASSWORD, by=OPERATOR)
    give_membership(other_district, account, Role.TEACHER, by=OPERATOR)
    secret = invite(district, email, "Ada", Role.PRINCIPAL, by=OPERATOR).secret
    stranger = open_account(f"{uuid.uuid4().hex}@example.org", "Stranger", by=OPERATOR)
    for somebody in (None, stranger):
        with pytest.raises(OtherAccount):
            accept_invitation(district, secret, password="a different password", as_account=somebody)
    accept_invitation(district, secret, as_account=account)
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    assert {one.role for one in list_memberships(account)} == {Role.TEACHER, Role.PRINCIPAL}


def test_students_and_members_are_not_invited(district: District, email: str) -> None:
    with pytest.raises(CannotInvite, match="username"):
        invite(district, email, "Ada", Role.STUDENT, by=OPERATOR)
    accept_invitation(district, invite(district, email, "Ada", Role.TEACHER, by=OPERATOR).secret, password=PASSWORD)
    with pytest.raises(CannotInvite, match="already"):
        invite(district, email, "Ada", Role.TEACHER, by=OPERATOR)


def test_the_database_never_learns_the_secret(district: District, email: str, owner: BaseDatabaseWrapper) -> None:
    secret = invite(district, email, "Ada", Role.TEACHER, by=OPERATOR).secret
    with owner.cursor() as cursor:
        for table in ("accounts_invitation", "audit_event"):
            cursor.execute(f"select count(*) from {table} t where t::text like %s", [f"%{secret}%"])
            assert cursor.fetchone() == (0,)


def test_every_step_of_an_invitation_is_written_down(district: District, email: str) -> None:
    invited = invite(district, email, "Ada", Role.TEACHER, by=OPERATOR)
    accept_invitation(district, invited.secret, password=PASSWORD)
    with within(district):
        events = list_events(district.pk, subject_kind="invitation", subject_id=invited.invitation.pk)
    assert [(event.verb, event.actor_name) for event in events] == [
        ("invitation.accepted", "Ada"),
        ("invitation.made", "Operator"),
    ]


def test_the_last_district_administrator_stays(district: District) -> None:
    first, second = (_viewer(district, Role.DISTRICT_ADMINISTRATOR) for _ in range(2))
    memberships = [_membership(viewer) for viewer in (first, second)]
    take_membership(district, memberships[0], by=OPERATOR)
    with pytest.raises(LastAdministrator):
        take_membership(district, memberships[1], by=OPERATOR)
    with pytest.raises(LastAdministrator):
        change_role(district, memberships[1], Role.TEACHER, by=OPERATOR)
    assert Membership.objects.get(pk=memberships[1].pk).role == Role.DISTRICT_ADMINISTRATOR


def test_an_administrator_whose_account_is_closed_does_not_count(district: District) -> None:
    closed, left = (_viewer(district, Role.DISTRICT_ADMINISTRATOR) for _ in range(2))
    close_account(Account.objects.get(pk=closed.account_id or 0), by=OPERATOR)
    with pytest.raises(LastAdministrator):
        take_membership(district, _membership(left), by=OPERATOR)


def test_a_changed_role_is_the_only_one_left(district: District) -> None:
    teacher = _viewer(district, Role.TEACHER)
    change_role(district, _membership(teacher), Role.REGISTRAR, by=OPERATOR)
    assert [one.role for one in Membership.objects.filter(account_id=teacher.account_id or 0)] == [Role.REGISTRAR]


def test_nobody_gives_a_role_that_may_do_more_than_they(district: District) -> None:
    it, administrator = _viewer(district, Role.IT_ADMINISTRATOR), _viewer(district, Role.DISTRICT_ADMINISTRATOR)
    assert roles_to_give(administrator) == [role for role in Role if role != Role.STUDENT]
    assert roles_to_give(it) == [Role.IT_ADMINISTRATOR, Role.TEACHER]
    assert administrator.membership_id
    with pytest.raises(NotAllowed):
        access_member(district, it, administrator.membership_id)
    invitation = invite(district, "a@example.org", "A", Role.DISTRICT_ADMINISTRATOR, by=OPERATOR).invitation
    with pytest.raises(NotAllowed):
        access_invitation(district, it, invitation.pk)


def test_members_and_invitations_of_another_district_are_not_there(
    district: District, other_district: District
) -> None:
    stranger = _viewer(other_district, Role.DISTRICT_ADMINISTRATOR)
    member = _viewer(district, Role.TEACHER)
    invitation = invite(district, "b@example.org", "B", Role.TEACHER, by=OPERATOR).invitation
    assert member.membership_id
    with pytest.raises(NoSuchMember):
        access_member(other_district, stranger, member.membership_id)
    with pytest.raises(NoSuchMember):
        access_invitation(other_district, stranger, invitation.pk)
