"""Going round the districts by the clock: what fails in one must not keep the others from their turn."""

from collections.abc import Callable, Iterable

import structlog
from django.db import connection

from firstbell.domain.districts.models import District

log = structlog.get_logger(__name__)


class RoundFailed(Exception):
    """Some districts had a fault; the log has each with its district. The others had their turn."""


def go_round[T](name: str, stops: Iterable[tuple[District, T]], visit: Callable[[District, T], object]) -> None:
    """Visit each stop in turn; what fails is logged with its district, and the rest goes on.

    Raises RoundFailed at the end, so that the job counts as failed.
    """
    failed, count = [], 0
    for district, stop in stops:
        count += 1
        try:
            visit(district, stop)
        except Exception as fault:
            log.error("round.failed", task=name, district_id=district.pk, code=district.code, exc_info=fault)
            failed.append(district.code)
            connection.close_if_unusable_or_obsolete()  # a server that went away is there again for the next
    if failed:
        raise RoundFailed(f"{name}: {len(failed)} of {count} failed: {', '.join(failed[:20])}")


def visit_each(name: str, districts: Iterable[District], visit: Callable[[District], object]) -> None:
    """The same for districts. Raises RoundFailed."""
    go_round(name, ((district, None) for district in districts), lambda district, _: visit(district))
