"""Which students have a card in their hands that says how they sign in, as far as printing tells."""

from collections.abc import Collection, Sequence

from django.utils import timezone

from firstbell.domain.accounts.models import CardKind, PrintedCard
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

OF_A_PASSWORD = (CardKind.PASSWORD, CardKind.USERNAME)
"""Cards that a new password, or a new username, makes worthless."""


def note_printed(district: District, user_ids: Sequence[int], kind: CardKind) -> None:
    """These people (row ids) have a new card; the same again only says when."""
    at = timezone.now()
    cards = [PrintedCard(district=district, user_id=user_id, kind=kind, printed_at=at) for user_id in set(user_ids)]
    with within(district):
        PrintedCard.objects.bulk_create(
            cards, update_conflicts=True, unique_fields=["district", "user_id", "kind"], update_fields=["printed_at"]
        )


def forget_printed(district: District, user_ids: Sequence[int], kinds: Collection[CardKind] = tuple(CardKind)) -> None:
    """What stands on these people's cards opens nothing any more, or they are gone."""
    with within(district):
        PrintedCard.objects.filter(district=district, user_id__in=user_ids, kind__in=kinds).delete()
