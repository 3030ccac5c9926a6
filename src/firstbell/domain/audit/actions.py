"""Writing down what happens."""

from collections.abc import Mapping

from firstbell.domain.audit.actor import Actor
from firstbell.domain.audit.models import Event


def record(
    district_id: int | None,
    verb: str,
    *,
    by: Actor,
    subject_kind: str,
    subject_id: object,
    detail: Mapping[str, object] | None = None,
) -> Event:
    """Add one event, in the caller's transaction: what happened and that it is known are one.

    `detail` is JSON and holds what an auditor needs, never a password, nor more of a person than the verb is about.
    """
    return Event.objects.create(
        district_id=district_id,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        detail=dict(detail or {}),
    )
