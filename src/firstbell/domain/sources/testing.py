"""*Test the connection*: what works, and what exactly does not."""

import structlog

from firstbell.connectors.contract import About, Probe, Tested
from firstbell.domain.districts.models import District
from firstbell.domain.sources.models import Connection
from firstbell.domain.sources.queries import kind_of
from firstbell.domain.sources.sealed import values_of
from firstbell.domain.sources.syncing import surroundings

log = structlog.get_logger(__name__)


def try_connection(district: District, connection: Connection) -> Tested:
    """Try each step of the way. A fault of a connector is an answer too: the page must tell what to do next."""
    kind = kind_of(connection.source)
    if kind.connector is None:
        says = "Files of this source are brought, so there is nothing to reach. Send a file to try it."
        return Tested((Probe(About.SETTINGS, good=True, says=says),))
    try:
        return kind.connector.test_connection(values_of(district, connection, kind), surroundings())
    except Exception as fault:
        log.error("source.test_failed", district_id=district.pk, source_id=connection.source_id, exc_info=fault)
        says = "The test itself failed: a fault of Firstbell, which is in its log."
        return Tested((Probe(About.SETTINGS, good=False, says=says, remedy="Try again, or tell your contact."),))
