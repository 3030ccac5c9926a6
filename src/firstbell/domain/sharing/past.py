"""What the roster said of a person before, as far as it is kept for products: for the family that asks."""

from collections.abc import Sequence

from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.erasing import what_is_held
from firstbell.domain.sharing.models import Past


def tell_past(district: District, person_ids: Sequence[int]) -> list[dict[str, object]]:
    """Each value that another took the place of, of all rows of the person, the oldest first. It goes with its row."""
    told: list[dict[str, object]] = []
    for table, ids in what_is_held(district, person_ids).rows.items():
        kept = Past.objects.filter(district_id=district.pk, kind=KINDS[table], row_id__in=ids).order_by("stamp")
        told += [{"table": table, "row": one.row_id, "until": one.at.isoformat(), "said": one.said} for one in kept]
    return told
