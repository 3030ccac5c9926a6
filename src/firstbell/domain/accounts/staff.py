"""Vendor staff: who they are, their visits to districts, and accounts that nobody uses any more."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from firstbell.domain.accounts.actions import close_account, open_account
from firstbell.domain.accounts.inviting import verify_address
from firstbell.domain.accounts.models import Account, StaffMembership, StaffRole, StaffVisit
from firstbell.domain.accounts.queries import find_account
from firstbell.domain.accounts.visits import running_visits
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

VISIT: Final = timedelta(hours=1)
SHORTEST_REASON: Final = 10


class NotLetIn(ValueError):
    """A visit cannot begin; the text says why, for the one who asked."""


@transaction.atomic
def add_staff(email: str, name: str, role: StaffRole | str, *, by: Actor) -> StaffMembership:
    """Make somebody vendor staff, or give them another role there. Whoever does it vouches for the address."""
    account = find_account(email) or open_account(email, name, by=by)
    verify_address(account)
    staff, _ = StaffMembership.objects.update_or_create(account=account, defaults={"role": StaffRole(role)})
    _note_installation("staff.added", account, by, role=staff.role)
    return staff


@transaction.atomic
def remove_staff(staff: StaffMembership, *, by: Actor) -> None:
    """They see no district any more, from the next request on."""
    _note_installation("staff.removed", staff.account, by, role=staff.role)
    staff.delete()


def list_staff(*roles: StaffRole) -> list[StaffMembership]:
    """Who works for the vendor in one of these roles and signs in, by name."""
    staff = StaffMembership.objects.filter(role__in=roles, account__is_active=True)
    return list(staff.select_related("account").order_by("account__name", "id"))


def begin_visit(district: District, staff: StaffMembership, reason: str, *, by: Actor) -> StaffVisit:
    """Let vendor staff see a district for an hour. Raises NotLetIn without a reason, and where the district refuses."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise NotLetIn("Say in a sentence why: the district reads it.")
    with within(district):
        if not District.objects.get(pk=district.pk).lets_staff_in:
            raise NotLetIn(f"{district.name} lets no staff of Firstbell in. Ask its administrators.")
        visit = StaffVisit.objects.create(
            district=district,
            account=staff.account,
            name=staff.account.name,
            role=staff.role,
            reason=reason.strip(),
            ends_at=timezone.now() + VISIT,
        )
        detail = {"role": staff.role, "reason": visit.reason, "until": visit.ends_at.isoformat(timespec="seconds")}
        record(district.pk, "visit.begun", by=by, subject_kind="visit", subject_id=visit.pk, detail=detail)
    return visit


def end_visits(district: District, *, by: Actor, account: Account | None = None) -> int:
    """End the visits that go on, of all staff or of one account; how many."""
    with within(district):
        going_on = running_visits(district)
        if account is not None:
            going_on = going_on.filter(account=account)
        ended = list(going_on.select_for_update())
        for visit in ended:
            visit.ends_at, visit.ended_by = timezone.now(), by.name
            visit.save(update_fields=["ends_at", "ended_by"])
            record(district.pk, "visit.ended", by=by, subject_kind="visit", subject_id=visit.pk)
    return len(ended)


def close_dormant_staff() -> int:
    """Close the accounts of vendor staff who have not signed in for too long; how many."""
    since = timezone.now() - timedelta(days=settings.FIRSTBELL_DORMANT_DAYS)
    unused = Q(last_login__lt=since) | Q(last_login=None, staff__created_at__lt=since)
    dormant = list(Account.objects.filter(unused, staff__isnull=False, is_active=True))
    for account in dormant:
        close_account(account, by=SYSTEM)
    return len(dormant)


def _note_installation(verb: str, account: Account, by: Actor, *, role: str) -> None:
    record(None, verb, by=by, subject_kind="account", subject_id=account.pk, detail={"role": role})
