"""Whom a run brought for the first time, and who of them cannot sign in yet."""

from datetime import date

from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.queries.people import Came, PeopleFilter, count_people
from firstbell.domain.roster.queries.readiness import Lack, Lacking
from firstbell.domain.roster.queries.scope import Scope


def came_with(run: Run) -> Came | None:
    """Those whom an import made; None where it made nobody. Between the parts of one that went in two others may be."""
    if run.kind != "import" or not run.first_stamp or not run.counts.get("users", {}).get("added"):
        return None
    return Came(run.pk, run.first_stamp, run.last_stamp, run.source_id if run.safe_part_applied else None)


def without_sign_in(came: Came, *, today: date) -> PeopleFilter:
    """Those of them who are students and have no way to sign in."""
    return PeopleFilter(lacking=Lacking(Lack.SIGN_IN, today), came=came)


def count_without_sign_in(district: District, scope: Scope, came: Came, *, today: date, most: int | None = None) -> int:
    """How many they are; where they are more than ``most``, one more than that."""
    return count_people(district, scope, without_sign_in(came, today=today), most=most)
