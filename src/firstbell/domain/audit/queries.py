"""Reading what happened."""

from collections.abc import Collection

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


def page_events(
    district_id: int,
    *,
    words: str = "",
    subject_kinds: Collection[str] = (),
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[Event]:
    """A page of a district's events, the newest first: older than ``before``, or the oldest newer than ``after``.

    ``words``: of whom the name holds these, whatever the case; ``subject_kinds``: only about these.
    """
    events = Event.objects.filter(district_id=district_id)
    if words.strip():
        events = events.filter(actor_name__icontains=words.strip())
    if subject_kinds:
        events = events.filter(subject_kind__in=subject_kinds)
    if before is not None:
        events = events.filter(id__lt=before)
    if after is not None:
        return list(reversed(events.filter(id__gt=after).order_by("id")[:limit]))
    return list(events.order_by("-id")[:limit])
