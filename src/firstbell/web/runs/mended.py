"""What of a run's files was put right in the page."""

from firstbell.domain.imports.access import hidden_from
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries.mended import MendedVersion, list_mended
from firstbell.web.visit import Visit


def mended_before(visit: Visit, run: Run) -> list[tuple[MendedVersion, str]]:
    """Which cells were changed before a run, the newest first, each time with the address of the files before."""
    versions = list_mended(visit.district, run, hidden=hidden_from(visit.viewer, run, visit.scope))
    return [(version, visit.url("run", version.run.version_of)) for version in versions]
