"""Reading what happened."""

from firstbell.domain.audit.models import Event


def list_events(
    district_id: int | None, *, subject_kind: str | None = None, subject_id: object = None, limit: int = 50
) -> list[Event]:
    """The newest events first, of a district or (None) of the installation; of one kind of subject or one subject."""
    events = Event.objects.filter(district_id=district_id)
    if subject_kind is not None:
        events = events.filter(subject_kind=subject_kind)
    if subject_id is not None:
        events = events.filter(subject_id=str(subject_id))
    return list(events.order_by("-id")[:limit])
