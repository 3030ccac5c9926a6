"""What is kept of requests goes in time, and with who asked; what is held of a person's is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from firstbell.domain.advice.models import Audience, ContactRequest, RequestLine, RequestState
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.erasing import GONE, Held, naming

WORDS = ("message", "answer")


def forget_requests(district: District, *, before: datetime, by: Actor) -> int:
    """Erase requests that are settled and older than that; how many.

    What was asked inside the district is kept no longer than the district keeps people who left.
    """
    kept_inside = timezone.now() - timedelta(days=district.retention_days)
    is_old = Q(created_at__lt=before) | (~Q(audience=Audience.VENDOR) & Q(created_at__lt=kept_inside))
    with within(district):
        old = ContactRequest.objects.filter(is_old, district_id=district.pk)
        settled = list(old.exclude(state=RequestState.OPEN).values_list("id", flat=True))
        count = _erase(district, settled)
        if count:
            detail = {"count": count}
            record(district.pk, "requests.forgotten", by=by, subject_kind="request", subject_id="", detail=detail)
    return count


def reach_requests(district: District, held: Held) -> None:
    """Erase what these people, who are being erased, have asked, and take their names out of what others wrote."""
    is_named = naming(held)
    with within(district):
        requests = ContactRequest.objects.filter(district_id=district.pk)
        _erase(district, list(requests.filter(person_id__in=held.rows["users"]).values_list("id", flat=True)))
        for request in requests.iterator():
            named = [field for field in WORDS if is_named(getattr(request, field))]
            for field in named:
                setattr(request, field, GONE)
            if named:
                request.save(update_fields=named)


def tell_requests(district: District, row_ids: Sequence[int]) -> list[dict[str, object]]:
    """What somebody on the roster (all their rows) has asked, and what was answered. Within the wall."""
    requests = ContactRequest.objects.filter(district_id=district.pk, person_id__in=row_ids)
    return [
        {
            "asked": request.created_at.isoformat(),
            "of": request.owner_name,
            "message": request.message,
            "state": request.state,
            "answer": request.answer or None,
            "answeredBy": request.answered_by or None,
        }
        for request in requests.order_by("id")
    ]


def _erase(district: District, request_ids: Sequence[int]) -> int:
    RequestLine.objects.filter(district_id=district.pk, request_id__in=request_ids).delete()
    count, _ = ContactRequest.objects.filter(district_id=district.pk, id__in=request_ids).delete()
    return count
