"""Somebody comes in: the account that they come in by, what is written down of it, and whether they may stay."""

from dataclasses import dataclass
from datetime import datetime

from firstbell.domain.accounts.actions import give_membership
from firstbell.domain.accounts.models import Account, Membership, StaffMembership
from firstbell.domain.accounts.models import Role as MembershipRole
from firstbell.domain.accounts.queries import find_account_of_student
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import is_here
from firstbell.domain.roster.models import User
from firstbell.domain.roster.queries.person import name_of
from firstbell.domain.signon.deciding import Found, Refusal
from firstbell.domain.signon.models import Connection, Outcome, SignIn, Tie
from firstbell.domain.signon.queries import find_offered
from firstbell.engine.vocabulary import ADMINISTRATOR_ROLES, STAFF_ROLES


@dataclass(frozen=True, slots=True)
class Session:
    """What a session that began by single sign-on is tied to."""

    district_id: int
    connection_id: int
    person_id: int
    account_id: int


def let_in(district: District, connection: Connection, found: Found, *, now: datetime) -> Account:
    """The account of a person, made if this is the first time; their log-in is theirs from now on. Raises Refusal."""
    with within(district):
        User.objects.select_for_update().get(district_id=district.pk, id=found.person.id)  # two first times make one
        account = _account_of_student(district, found) if found.is_student else _account_of_staff(district, found)
        if not account.is_active:
            raise Refusal(
                "The account is closed.",
                "Whoever closed it can tell why.",
                value=found.value,
                person_id=found.person.id,
            )
        ties = Tie.objects.filter(district_id=district.pk, connection_id=connection.pk)
        ties.filter(subject=found.subject).exclude(person_id=found.person.id).delete()  # a row that was merged
        ties.update_or_create(
            person_id=found.person.id,
            defaults={"subject": found.subject},
            create_defaults={
                "district_id": district.pk,
                "connection_id": connection.pk,
                "subject": found.subject,
            },
        )
        _log(district, connection, Outcome.IN, now=now, value=found.value, person_id=found.person.id)
    return account


def note_refused(district: District, connection: Connection, refusal: Refusal, *, now: datetime) -> SignIn:
    """Write down whom we did not let in, and why."""
    said = {"says": refusal.says, "remedy": refusal.remedy, "another_subject": refusal.another_subject}
    return _log(
        district, connection, Outcome.REFUSED, now=now, value=refusal.value, person_id=refusal.person_id, **said
    )


def note_failed(district: District, connection: Connection, says: str, remedy: str, *, now: datetime) -> SignIn:
    """Write down that a sign-in did not come to an answer."""
    return _log(district, connection, Outcome.FAILED, now=now, says=says, remedy=remedy)


def may_stay(district: District, session: Session, *, now: datetime) -> bool:
    """Whether a session holds with this request: its connection is on, the person is on the roster, and the account is
    still of this district alone."""
    if find_offered(district, session.connection_id) is None:
        return False
    with within(district):
        person = User.objects.filter(district_id=district.pk, id=session.person_id).first()
        if person is None or not is_here(district, person, now=now):
            return False
    return _is_of_this_district_alone(district, session.account_id)


def _account_of_student(district: District, found: Found) -> Account:
    account = find_account_of_student(district, found.person.id)
    return account or _new_account(district, found, MembershipRole.STUDENT)


def _account_of_staff(district: District, found: Found) -> Account:
    """An adult's own account only where it opens nothing but this district: whoever runs the provider could else sign
    in to other districts."""
    tied = Membership.objects.filter(district=district, person_id=found.person.id, account__is_active=True)
    tied = tied.exclude(role=MembershipRole.STUDENT)
    accounts = {one.account_id: one.account for one in tied.select_related("account").order_by("id")}
    if len(accounts) > 1:
        raise Refusal(
            "Several accounts are tied to this person.",
            "Take the membership of all but one on the page of members.",
            value=found.value,
            person_id=found.person.id,
        )
    if accounts:
        (account,) = accounts.values()
        if not _is_of_this_district_alone(district, account.pk):
            raise Refusal(
                "This person’s account also works outside this district.",
                "They sign in with their e-mail address and password: one district’s provider opens no other district.",
                value=found.value,
                person_id=found.person.id,
            )
        return account
    if not found.roles & (STAFF_ROLES - ADMINISTRATOR_ROLES):
        raise Refusal(
            "This person leads a school or the district, and nobody has said what they may do here.",
            "Invite them on the page of members; then they come in by single sign-on too.",
            value=found.value,
            person_id=found.person.id,
        )
    return _new_account(district, found, MembershipRole.TEACHER)


def _is_of_this_district_alone(district: District, account_id: int) -> bool:
    if StaffMembership.objects.filter(account_id=account_id).exists():
        return False
    elsewhere = Membership.objects.filter(account_id=account_id).exclude(district=district)
    return not elsewhere.exclude(district__practice_of=district).exists()


def _new_account(district: District, found: Found, role: MembershipRole) -> Account:
    account = Account.objects.create_user(name=name_of(found.person)[:200])
    give_membership(district, account, role, person_id=found.person.id, by=SYSTEM)
    return account


def _log(district: District, connection: Connection, outcome: Outcome, *, now: datetime, **said: object) -> SignIn:
    with within(district):
        return SignIn.objects.create(
            district_id=district.pk, connection_id=connection.pk, outcome=outcome, at=now, **said
        )
