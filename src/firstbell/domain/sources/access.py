"""Fetching a connection for someone who must be allowed to."""

from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.roster.access import NotThere, access_source
from firstbell.domain.sources.models import Connection
from firstbell.domain.sources.queries import find_connection


def access_connection(viewer: Viewer, district: District, source_id: int) -> Connection:
    """The connection of a source for someone who may set it. Raises NotAllowed, NotThere."""
    source = access_source(viewer, district, source_id)
    connection = find_connection(district, source.pk)
    if connection is None:
        raise NotThere
    return connection
