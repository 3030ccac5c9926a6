"""What each role may do, and who looks."""

import uuid

import pytest

from firstbell.domain.accounts.access import NotAllowed, access_own_district, ensure_may, find_viewer
from firstbell.domain.accounts.actions import close_account, give_membership, open_account, take_membership
from firstbell.domain.accounts.models import Account, Role
from firstbell.domain.accounts.permissions import ROLE_PERMISSIONS, Permission
from firstbell.domain.accounts.queries import list_memberships
from firstbell.domain.accounts.viewer import view_as, view_as_operator
from firstbell.domain.audit.actor import OPERATOR, Actor
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within


@pytest.fixture
def account(database: None) -> Account:
    """An adult's account."""
    return open_account(f"{uuid.uuid4().hex}@example.org", "Grace Hopper", by=OPERATOR)


def test_every_role_has_its_permissions() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)


@pytest.mark.parametrize(
    ("role", "may_not"),
    [
        (Role.IT_ADMINISTRATOR, {Permission.VIEW_DEMOGRAPHICS}),
        (Role.PRINCIPAL, {Permission.DECIDE_RUNS, Permission.MANAGE_SOURCES, Permission.MANAGE_MEMBERSHIPS}),
        (Role.REGISTRAR, {Permission.DECIDE_RUNS, Permission.MANAGE_SOURCES, Permission.MANAGE_MEMBERSHIPS}),
        (Role.TEACHER, set(Permission) - {Permission.VIEW_OWN_CLASSES, Permission.SET_OWN_CREDENTIALS}),
        (Role.STUDENT, set(Permission) - {Permission.VIEW_OWN_CLASSES}),
    ],
)
def test_a_role_may_not_do_what_is_anothers(role: Role, may_not: set[Permission]) -> None:
    assert ROLE_PERMISSIONS[role] & may_not == set()


def test_who_may_not_is_refused_and_who_may_is_not(district: District, account: Account) -> None:
    teacher = view_as(give_membership(district, account, "teacher", by=OPERATOR))
    ensure_may(teacher, Permission.VIEW_OWN_CLASSES)
    with pytest.raises(NotAllowed):
        ensure_may(teacher, Permission.VIEW_ROSTER)


def test_the_only_membership_is_what_one_looks_as(district: District, account: Account) -> None:
    give_membership(district, account, Role.TEACHER, person_id=5, by=OPERATOR)
    viewer = find_viewer(account)
    assert viewer is not None
    assert (viewer.district_id, viewer.role, viewer.person_id) == (district.pk, Role.TEACHER, 5)
    assert viewer.actor == Actor("account", str(account.pk), "Grace Hopper")
    assert access_own_district(viewer) == district


def test_of_several_memberships_one_is_chosen(district: District, other_district: District, account: Account) -> None:
    give_membership(district, account, Role.TEACHER, by=OPERATOR)
    chosen = give_membership(other_district, account, Role.PRINCIPAL, by=OPERATOR)
    assert find_viewer(account) is None
    viewer = find_viewer(account, chosen=chosen.pk)
    assert viewer is not None
    assert (viewer.district_id, viewer.role) == (other_district.pk, Role.PRINCIPAL)
    assert len(list_memberships(account)) == 2


def test_somebody_elses_membership_cannot_be_chosen(district: District, account: Account) -> None:
    stranger = open_account(f"{uuid.uuid4().hex}@example.org", "Stranger", by=OPERATOR)
    theirs = give_membership(district, stranger, Role.DISTRICT_ADMINISTRATOR, by=OPERATOR)
    assert find_viewer(account, chosen=theirs.pk) is None


def test_nobody_looks_as_what_was_taken_or_closed(district: District, account: Account) -> None:
    membership = give_membership(district, account, Role.TEACHER, by=OPERATOR)
    take_membership(district, membership, by=OPERATOR)
    assert find_viewer(account) is None
    give_membership(district, account, Role.TEACHER, by=OPERATOR)
    close_account(account, by=OPERATOR)
    assert find_viewer(account) is None


def test_giving_the_same_membership_again_ties_it_to_the_person(district: District, account: Account) -> None:
    first = give_membership(district, account, Role.TEACHER, by=OPERATOR)
    again = give_membership(district, account, Role.TEACHER, person_id=9, by=OPERATOR)
    assert (again.pk, again.person_id) == (first.pk, 9)


def test_memberships_given_and_taken_are_written_down(district: District, account: Account) -> None:
    by = Actor("account", "3", "Ada Lovelace")
    take_membership(district, give_membership(district, account, Role.TEACHER, by=by), by=by)
    with within(district):
        events = list_events(district.pk, subject_kind="account", subject_id=account.pk)
    assert [(e.verb, e.actor_name, e.detail) for e in events] == [
        ("membership.taken", "Ada Lovelace", {"role": "teacher"}),
        ("membership.given", "Ada Lovelace", {"role": "teacher"}),
    ]


def test_the_operator_may_do_everything_in_the_district_that_is_named(district: District) -> None:
    viewer = view_as_operator(district)
    assert viewer.permissions == set(Permission)
    assert viewer.actor == OPERATOR
