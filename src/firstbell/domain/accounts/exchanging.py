"""What somebody signs in with goes from one row of the roster to another, where two rows turn out to be one person."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from firstbell.domain.accounts.badges import seal_for, secret_of
from firstbell.domain.accounts.models import Badge, Credential, Invitation, Membership
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within


@dataclass(frozen=True, slots=True)
class Ties:
    """Memberships of adults and open invitations that were tied to another row (ids)."""

    memberships: list[int] = field(default_factory=list)
    invitations: list[int] = field(default_factory=list)


def exchange_sign_ins(district: District, one: int, other: int) -> None:
    """Two rows exchange their username, password, badges and the accounts that came with these.

    Nobody is signed out: accounts stay the same. Done twice, all is as it was.
    """
    with within(district):
        both = [list(_badges(district, user_id)) for user_id in (one, other)]
        secrets = {badge.pk: secret_of(district, badge) for badges in both for badge in badges if badge.sealed}
        _hand_over(district, one, -one)
        _hand_over(district, other, one)
        _hand_over(district, -one, other)
        for badges, now in zip(both, (other, one), strict=True):
            for badge in badges:
                if badge.pk in secrets:
                    sealed = seal_for(district, now, secrets[badge.pk])
                    Badge.objects.filter(pk=badge.pk, district=district).update(sealed=sealed)


def tie_to(district: District, user_id: int, ties: Ties) -> None:
    """These adults' memberships and invitations are of another row from now on."""
    with within(district):
        Membership.objects.filter(district=district, pk__in=ties.memberships).update(person_id=user_id)
        Invitation.objects.filter(district=district, pk__in=ties.invitations).update(person_id=user_id)


def ties_of(district: District, user_id: int) -> Ties:
    """The memberships of adults, and the invitations, that are tied to a row."""
    with within(district):
        adults = Membership.objects.filter(district=district, person_id=user_id, account__email__isnull=False)
        invited = Invitation.objects.filter(district=district, person_id=user_id)
        return Ties(list(adults.values_list("pk", flat=True)), list(invited.values_list("pk", flat=True)))


def signs_in(district: District, user_id: int) -> bool:
    """Whether a row has a username, a badge or an account that came with these."""
    with within(district):
        held = Credential.objects.filter(district=district, user_id=user_id)
        opens = Badge.objects.filter(district=district, user_id=user_id, voided_at=None)
        return held.exists() or opens.exists() or _accounts(district, user_id).exists()


def _hand_over(district: District, before: int, now: int) -> None:
    Credential.objects.filter(district=district, user_id=before).update(user_id=now)
    _badges(district, before).update(user_id=now)
    _accounts(district, before).update(person_id=now)


def _badges(district: District, user_id: int) -> QuerySet[Badge]:
    return Badge.objects.filter(district=district, user_id=user_id)


def _accounts(district: District, user_id: int) -> QuerySet[Membership]:
    return Membership.objects.filter(district=district, person_id=user_id, account__email=None)
