"""What lies of a district outside of the database and the storage: files on their way in, which go when it leaves."""

from collections.abc import Iterator

from django.conf import settings

from firstbell.connectors.drop import Drop
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.sources.bringing import Bringer, watched_drop
from firstbell.domain.sources.clearing import Place, places_of
from firstbell.domain.sources.dropping import drop_of
from firstbell.domain.sources.fetching import fetching_folder
from firstbell.domain.sources.models import Connection


def places_outside(district: District) -> list[Place]:
    """Where its files may lie on this machine, whether they do or not: to be asked before its rows are gone."""
    with within(district):
        connections = list(Connection.objects.select_related("source").filter(district_id=district.pk))
    drops = [drop for one in connections for drop in _drops(district, one)]
    places = [place for drop in drops for place in places_of(drop)]
    if settings.FIRSTBELL_WATCHED is not None:
        places.append((str(settings.FIRSTBELL_WATCHED), district.code))
    return [*places, (str(fetching_folder()), f"{district.pk}-*")]


def _drops(district: District, connection: Connection) -> Iterator[Drop]:
    yield drop_of(Bringer(district, connection))
    if (watched := watched_drop(district, connection)) is not None:
        yield watched
