"""One run per district at a time: what the queue gives out to workers, however many of them ask."""

import json
from collections import Counter

from django.db import connection, transaction
from tests.domain.imports.rosters import PRINCIPAL
from tests.domain.sources.conftest import Fetching
from tests.domain.sources.shelf import CODE

from firstbell.connectors.catalogue import KINDS
from firstbell.domain.districts.models import District
from firstbell.domain.imports.queueing import CARRY_OUT, fill_later, later
from firstbell.domain.sources.actions import add_connection, ask_for_sync
from firstbell.domain.sources.models import Connection

MOST_WORKERS = 500
TAKE = "select args from procrastinate_fetch_job_v2(array['imports']::varchar[], null) where id is not null"


def _another_source(district: District, folder: str) -> Connection:
    return add_connection(district, "Another", KINDS[CODE], {"folder": folder, "password": ""}, by=PRINCIPAL)


def _given_out_at_once() -> Counter[int]:
    """By district, the jobs that are given out while none of them ends. The caller rolls it back."""
    given: Counter[int] = Counter()
    with connection.cursor() as cursor:
        for _ in range(MOST_WORKERS):
            cursor.execute(TAKE)
            taken = cursor.fetchone()
            if taken is None:
                break
            args = json.loads(taken[0]) if isinstance(taken[0], str) else taken[0]
            given[args.get("district_id", 0)] += 1
    return given


def test_a_district_has_one_worker_whatever_waits_and_another_district_has_its_own(
    fetching: Fetching, other_district: District
) -> None:
    fetching.sync()
    run = fetching.runs[0]
    with transaction.atomic():  # rolled back: nothing of it is left for workers of other tests
        ask_for_sync(fetching.district, fetching.connection.source, by=PRINCIPAL)
        more = _another_source(fetching.district, str(fetching.folder))
        ask_for_sync(fetching.district, more.source, by=PRINCIPAL)
        later(CARRY_OUT, fetching.district, run)
        fill_later(fetching.district, by=PRINCIPAL)
        ask_for_sync(other_district, _another_source(other_district, str(fetching.folder)).source, by=PRINCIPAL)
        given = _given_out_at_once()
        transaction.set_rollback(True)
    assert (given[fetching.district.pk], given[other_district.pk]) == (1, 1)
