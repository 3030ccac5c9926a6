"""Why is it so? The history of a person, of a class and of a field, after a first import and many nights.

The floor is asking PostgreSQL alone which runs touched the class' rows, as ever less than an answer.
``python -m bench.why D10 100`` measures one size after so many nights, or as many as ten minutes have.
"""

import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import Count

from bench.figures import Figure, Floor, Times, figures_of
from bench.home import temporary_home
from bench.packages import CHURN, students_of
from bench.report import print_table
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

if TYPE_CHECKING:
    from firstbell.domain.districts.models import District

PERSON = "why: a person whom no night touched"
BUSIEST = "why: the person whom most nights touched"
CLASS = "why: the class with most comings and goings"
LAST_PIECE = "why: the oldest piece of that class"
FIELD = "why: a field that only the first import said"
INDEX = "the index, by SQL alone"
FLOORS = {what: Floor(INDEX) for what in (PERSON, BUSIEST, CLASS, LAST_PIECE, FIELD)}
ASKED = 5
MOST_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked about: the rows by table of each (``domain.imports.queries.Subject``)."""

    person: dict[str, list[int]]
    busiest: dict[str, list[int]]
    group: dict[str, list[int]]


def measure_why(size: str, nights: int, *, seconds: float = MOST_SECONDS) -> list[Figure]:
    """Import a size and its nights (as many as begin within the seconds), then ask. Needs ``bench.home``."""
    from bench.imports import import_package, new_district  # noqa: PLC0415 (Django is set up by now)

    students, rows, done, begun = students_of(size), 0, 0, time.perf_counter()
    district, source = new_district()
    with tempfile.TemporaryDirectory(prefix="firstbell-bench-why-") as folder:
        for night in range(nights + 1):
            if night and time.perf_counter() - begun > seconds:
                break
            tables = sample(students, day=night, churn=CHURN)
            rows = rows or sum(table.height for table in tables.values())
            write(tables, Path(folder, "night.zip"), version="1.2")
            import_package(district, source, Path(folder, "night.zip"))
            done = night
    times = Times()
    _ask(district.pk, times)
    return figures_of(f"{size}, {done} nights", rows, times, FLOORS)


def _ask(district_id: int, times: Times) -> None:
    from firstbell.domain.districts.models import District  # noqa: PLC0415 (Django is set up by now)
    from firstbell.domain.imports.queries import Subject, find_last_word, list_history  # noqa: PLC0415

    district = District.objects.get(pk=district_id)
    asked = _choose(district)
    oldest = ""
    while piece := list_history(district, Subject(asked.group), after=oldest).older:
        oldest = piece
    for _ in range(ASKED):
        for what, rows in ((PERSON, asked.person), (BUSIEST, asked.busiest), (CLASS, asked.group)):
            with times.of(what):
                list_history(district, Subject(rows))
        with times.of(LAST_PIECE):
            list_history(district, Subject(asked.group), after=oldest)
        with times.of(FIELD):
            find_last_word(district, "users", asked.busiest["users"][0], "givenName")
        with times.of(INDEX):
            _look_up(district, asked.group)


def _choose(district: "District") -> Asked:
    from firstbell.domain.districts.wall import within  # noqa: PLC0415 (Django is set up by now)
    from firstbell.domain.imports.models import Touch  # noqa: PLC0415
    from firstbell.domain.roster.columns import KINDS  # noqa: PLC0415
    from firstbell.domain.roster.models import Enrollment, User  # noqa: PLC0415

    with within(district):
        touched = Touch.objects.filter(district_id=district.pk, kind=KINDS["users"])
        calm = User.objects.filter(district_id=district.pk).exclude(id__in=touched.values("row_id"))
        busiest = touched.values("row_id").annotate(n=Count("run_id")).order_by("-n", "row_id")[0]["row_id"]
        places = Enrollment.objects.filter(district_id=district.pk)
        group = places.values("class_id").annotate(n=Count("id")).order_by("-n", "class_id")[0]["class_id"] or 0
        of_class = list(places.filter(class_id=group).values_list("id", flat=True))
        return Asked(
            _rows_of(district, calm.order_by("id")[0].id),
            _rows_of(district, busiest),
            {"classes": [group], "enrollments": of_class},
        )


def _rows_of(district: "District", person: int) -> dict[str, list[int]]:
    from firstbell.domain.roster.models import Enrollment, Role  # noqa: PLC0415 (Django is set up by now)

    hanging = {
        name: list(model.objects.filter(district_id=district.pk, user_id=person).values_list("id", flat=True))
        for name, model in (("roles", Role), ("enrollments", Enrollment))
    }
    return {"users": [person], "demographics": [person], **hanging}


def _look_up(district: "District", rows: dict[str, list[int]]) -> None:
    from firstbell.domain.districts.wall import within  # noqa: PLC0415 (Django is set up by now)
    from firstbell.domain.imports.models import Touch  # noqa: PLC0415
    from firstbell.domain.roster.columns import KINDS  # noqa: PLC0415

    with within(district):
        for table, ids in rows.items():
            list(Touch.objects.filter(district_id=district.pk, kind=KINDS[table], row_id__in=ids))


def main() -> None:
    """Measure what the command line names."""
    size, nights = sys.argv[1], int(sys.argv[2])
    with temporary_home():
        print_table(measure_why(size, nights), [], {})


if __name__ == "__main__":
    main()
