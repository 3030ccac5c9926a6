"""The live roster as the sheets of our templates: to be edited, and to come back."""

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.roster.standing import read_live
from firstbell.engine.formats.templates.sheets import sheets_of
from firstbell.engine.tables import TABLES

TABLES_OF_LISTS = ("orgs", "academicSessions", "classes", "users", "roles", "enrollments", "demographics")


def roster_as_sheets(district: District) -> dict[str, pl.DataFrame]:
    """Everyone and everything that lists can say, by sheet."""
    return sheets_of({name: read_live(district, TABLES[name]) for name in TABLES_OF_LISTS})
