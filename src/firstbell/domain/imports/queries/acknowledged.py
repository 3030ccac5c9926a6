"""What somebody has acknowledged of a source's findings, and which findings that covers today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import QuerySet

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Acknowledgement, Run
from firstbell.domain.roster.models import Source
from firstbell.engine.catalogue import Severity

KNOWN = "known"
"""The column of findings that holds the id of what covers them; null where nothing does."""
COVERED = (Severity.ERROR.value, Severity.WARNING.value)
"""Only these can be acknowledged: a package that cannot be used has nothing else to tell."""

_PLACE = ("code", "file", "column")


@dataclass(frozen=True, slots=True)
class Place:
    """Which findings: of a code, in a column of a file (blank where they name none), all or those of one record."""

    code: str
    file: str = ""
    column: str = ""
    sourced_id: str = ""


def list_acknowledgements(district: District, source: Source) -> list[Acknowledgement]:
    """All of a source, also those that are over; the first to end comes first."""
    with within(district):
        return list(_of(district, source.pk).order_by("until", "id"))


def list_known(district: District, run: Run, *, today: date) -> list[Acknowledgement]:
    """Those that hold today for the findings of a run."""
    with within(district):
        return list(_of(district, run.source_id).filter(until__gte=today).order_by("id"))


def _of(district: District, source_id: int) -> QuerySet[Acknowledgement]:
    return Acknowledgement.objects.filter(district_id=district.pk, source_id=source_id)


def mark_known(found: pl.DataFrame, known: Sequence[Acknowledgement]) -> pl.DataFrame:
    """Findings with the column ``known``. Who acknowledged one record counts before who acknowledged all of them."""
    rows = [(each.code, each.file, each.column, each.sourced_id, each.pk) for each in known]
    schema = {"code": pl.String, "file": pl.String, "column": pl.String, "sourcedId": pl.String, KNOWN: pl.Int64}
    those = pl.DataFrame(rows, schema=schema, orient="row")
    plain = found.select(*_PLACE, "sourcedId").with_columns(pl.all().fill_null(""))
    of_all = those.filter(pl.col("sourcedId") == "").drop("sourcedId")
    of_one = those.filter(pl.col("sourcedId") != "")
    one = plain.join(of_one, on=[*_PLACE, "sourcedId"], how="left", maintain_order="left")[KNOWN]
    every = plain.join(of_all, on=list(_PLACE), how="left", maintain_order="left")[KNOWN]
    covered = pl.col("severity").is_in(COVERED)
    return found.with_columns(
        pl.when(covered).then(pl.coalesce(pl.lit(one), pl.lit(every))).otherwise(None).alias(KNOWN)
    )


def at_place(found: pl.DataFrame, place: Place) -> pl.DataFrame:
    """The findings of a place."""
    of_record = [pl.col("sourcedId") == place.sourced_id] if place.sourced_id else []
    return found.filter(*(pl.col(name).fill_null("") == getattr(place, name) for name in _PLACE), *of_record)


def in_words(known: Acknowledgement) -> str:
    """Who acknowledged it, until when, and why."""
    return f"Acknowledged by {known.given_by} until {known.until:%Y-%m-%d}: {known.reason}"
