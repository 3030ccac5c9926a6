"""How far a guide is: each step with what it misses, and the pages where its reader may do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from firstbell.domain.accounts.permissions import Permission
from firstbell.web.components.shapes import Link, Task
from firstbell.web.guides.facts import Facts
from firstbell.web.guides.guide import Doorway, Gap, Guide, Step
from firstbell.web.visit import Visit


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step as it stands."""

    number: int
    step: Step
    state: Literal["done", "next", "ahead"]
    gaps: Sequence[Link]
    doorways: Sequence[Link]


def steps_of(visit: Visit, guide: Guide, facts: Facts) -> list[StepLine]:
    """The steps; the first one that misses something is the next."""
    missing = [step.missing(facts) for step in guide.steps]
    ahead = next((place for place, gaps in enumerate(missing) if gaps), len(missing))
    return [
        StepLine(
            place + 1,
            step,
            "next" if place == ahead else "ahead" if gaps else "done",
            [Link(gap.says, _list(visit, gap), "next") for gap in gaps],
            [Link(door.label, visit.url(door.page), "next") for door in step.doorways if _may_enter(visit, door)],
        )
        for place, (step, gaps) in enumerate(zip(guide.steps, missing, strict=True))
    ]


def as_tasks(steps: Sequence[StepLine]) -> tuple[Task, ...]:
    """The steps as the checklist of the home page."""
    return tuple(
        Task(
            line.step.title,
            line.state,
            ". ".join(gap.label for gap in line.gaps) or line.step.says,
            line.doorways[0].url if line.doorways else "",
        )
        for line in steps
    )


def _list(visit: Visit, gap: Gap) -> str:
    return f"{visit.url(gap.room)}?{gap.query}" if gap.room else ""


def _may_enter(visit: Visit, door: Doorway) -> bool:
    only_looks = door.permission is Permission.VIEW_ROSTER
    may = visit.viewer.may(door.permission) if only_looks else visit.may_change(door.permission)
    return may and (not door.in_every_school or visit.scope.schools is None)
