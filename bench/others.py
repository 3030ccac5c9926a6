"""What a Django team would otherwise use, on the same 10,000 people: rows a second of the three usual ways.

Each way meets people who are there already, as every night but the first does, and changes each one's phone number.
Published by others, not measured here: about 115 rows a second in one public log of Canvas's import of an SIS, and
121,000 to 148,000 rows a second for the best open validator, at 1.6 GB for a district of 100,000 students.
"""

import time
import uuid
from collections.abc import Callable

from django.utils import timezone
from import_export import resources
from tablib import Dataset

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.actions import add_district
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import User
from firstbell.engine.sample import sample

PEOPLE = 10_000
COLUMNS = {"sourcedId": "sourced_id", "username": "username", "givenName": "given_name", "familyName": "family_name"}
CHANGED = ("username", "given_name", "family_name", "phone")

type Person = dict[str, str | None]


class _Users(resources.ModelResource):  # type: ignore[misc]  # the package carries no types
    class Meta:
        model = User
        import_id_fields = ("sourced_id",)
        fields = (*COLUMNS.values(), "phone")


def measure_others() -> dict[str, float]:
    """Rows a second, by way."""
    people = _people()
    return {name: _rows_a_second(way, people) for name, way in WAYS.items()}


def _people() -> list[Person]:
    users = sample(PEOPLE)["users"].head(PEOPLE)
    columns = [users[name].to_list() for name in COLUMNS]
    return [dict(zip(COLUMNS.values(), cells, strict=True)) for cells in zip(*columns, strict=True)]


def _rows_a_second(way: Callable[[District, list[Person]], None], people: list[Person]) -> float:
    district = add_district(f"bench-{uuid.uuid4().hex[:8]}", "Bench Unified", by=OPERATOR)
    with within(district):
        User.objects.bulk_create(_as_users(district, people), batch_size=1000)
    changed = [{**person, "phone": f"555 {number:04d}"} for number, person in enumerate(people)]
    begun = time.perf_counter()
    with within(district):
        way(district, changed)
    return len(people) / (time.perf_counter() - begun)


def _as_users(district: District, people: list[Person]) -> list[User]:
    now = timezone.now()
    return [
        User(district_id=district.pk, id=number, stamp=1, created_stamp=1, date_last_modified=now, **person)
        for number, person in enumerate(people, 1)
    ]


def _update_or_create(district: District, people: list[Person]) -> None:
    for person in people:
        User.objects.update_or_create(
            district_id=district.pk, sourced_id=person["sourced_id"], defaults={name: person[name] for name in CHANGED}
        )


def _bulk_create(district: District, people: list[Person]) -> None:
    User.objects.bulk_create(
        _as_users(district, people),
        update_conflicts=True,
        unique_fields=["district_id", "id"],
        update_fields=CHANGED,
        batch_size=1000,
    )


def _import_export(district: District, people: list[Person]) -> None:
    del district  # the wall shows it no other
    rows = Dataset(*(tuple(person.values()) for person in people), headers=list(people[0]))
    result = _Users().import_data(rows, raise_errors=True)
    if result.totals["update"] != len(people):
        raise AssertionError(f"django-import-export: {result.totals}")


WAYS = {
    "update_or_create, a row at a time": _update_or_create,
    "bulk_create(update_conflicts=True)": _bulk_create,
    "django-import-export 4": _import_export,
}
