"""The smallest limits that would have let a run pass: what a person may learn from a hold."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from firstbell.engine.policy import Policy
from firstbell.engine.reason import Reason


@dataclass(frozen=True, slots=True)
class Allowing:
    """Limits by the name of the policy's field. ``others``: codes of reasons that no limit would have kept away."""

    limits: dict[str, float]
    others: tuple[str, ...]


def smallest_limits(reasons: Iterable[Reason], policy: Policy) -> Allowing:
    """Only those limits that would have to be other ones."""
    limits: dict[str, float] = {}
    others = []
    for reason in reasons:
        found = _of(reason, policy)
        if not found:
            others.append(reason.code)
        for name, limit in found.items():
            limits[name] = max(limit, limits.get(name, 0))
    return Allowing(limits, tuple(dict.fromkeys(others)))


def _of(reason: Reason, policy: Policy) -> dict[str, float]:
    share = _share(reason.count, reason.known)
    match reason.code:
        case "too-many-removals":
            limits = {}
            if reason.known >= policy.guarded_from and share > policy.removed_share:
                limits["removed_share"] = share
            if reason.table == "users" and reason.count > policy.removed_people:
                limits["removed_people"] = float(reason.count)
            return limits
        case "too-many-updates":
            return {"updated_share": share}
        case "role-gains":
            return {"role_gains": float(reason.count)}
        case _:
            return {}


def _share(count: int, known: int) -> float:
    """Per cent, rounded up to a tenth: with this limit it would have passed."""
    return math.ceil(1000 * count / known) / 10 if known else 100.0
