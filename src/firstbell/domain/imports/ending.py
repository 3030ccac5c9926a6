"""Who wants to know how a run ended, or that it waits for a person: apps above this one, of which it knows none."""

from collections.abc import Callable

import structlog

from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run

log = structlog.get_logger(__name__)

type Listener = Callable[[District, Run], None]
"""Called after the run's transaction, perhaps more than once for the same end: a worker may die in between."""

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have this called whenever a run ends or waits."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_ended(district: District, run: Run) -> None:
    """Tell everybody who listens. What goes wrong there takes nothing of the run back, and is logged."""
    for listener in _listeners:
        try:
            listener(district, run)
        except Exception as fault:
            log.error("run.listener", run_id=run.pk, district_id=district.pk, exc_info=fault)
