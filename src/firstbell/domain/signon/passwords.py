"""Whether somebody who comes in by single sign-on may still come in by a password, a badge or an e-mail address."""

from firstbell.domain.accounts.models import Account, Membership
from firstbell.domain.accounts.second_factor import ADMINISTRATORS, has_second_factor
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.signon.actions import NotSo
from firstbell.domain.signon.matching import served
from firstbell.domain.signon.models import Connection, Tie
from firstbell.domain.signon.queries import is_offered


def comes_only_by(account: Account) -> Connection | None:
    """The connection that this account has to come in by; None where another way in is open to it.

    It is closed for who has come by the connection already, as long as that is on and serves them: so nobody is locked
    out who has never tried it. An administrator with a second step always has a way in, for the day on which the
    provider is down.
    """
    memberships = list(Membership.objects.filter(account=account).select_related("district"))
    if any(one.role in ADMINISTRATORS for one in memberships) and has_second_factor(account):
        return None
    for membership in memberships:
        district = membership.district
        if membership.person_id is None or not district.sign_on_only or not is_offered(district):
            continue
        with within(district):
            ties = Tie.objects.filter(district_id=district.pk, person_id=membership.person_id, connection__is_on=True)
            for tie in ties.select_related("connection").order_by("connection__name"):
                if served(district, tie.connection).filter(id=membership.person_id).exists():
                    return tie.connection
    return None


def let_passwords_in(district: District, *, allowed: bool, by: Actor) -> None:
    """Whether who has come by single sign-on may come by a password too. Raises NotSo where nobody could come at all
    on the day on which the provider is down.
    """
    if not allowed and not _has_a_spare_key(district):
        raise NotSo("First set up a second step for one district or IT administrator: who has one can always sign in.")
    with within(district):
        was, district.sign_on_only = district.sign_on_only, not allowed
        district.save(update_fields=["sign_on_only"])
        if was == allowed:
            what = "district.sign_on_only"
            record(
                district.pk, what, by=by, subject_kind="district", subject_id=district.pk, detail={"only": not allowed}
            )


def _has_a_spare_key(district: District) -> bool:
    leading = Membership.objects.filter(district=district, role__in=ADMINISTRATORS, account__is_active=True)
    return any(has_second_factor(one.account) for one in leading.select_related("account"))
