"""What a run found and would change at each school, in counts: for the people of the school."""

from collections.abc import Collection, Sequence

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import FOUND_AT, RunFolder, changes_of
from firstbell.domain.imports.models import Acknowledgement, Run, RunState
from firstbell.domain.imports.queries.acknowledged import KNOWN
from firstbell.domain.imports.queries.found import find_findings
from firstbell.domain.roster.models import Role
from firstbell.engine.findings import Severity

LOOK_BACK = 20
"""So many runs before one are looked at for the last that read its files: a repeated file is not read again."""
_SAME = ("school", "code", "file", "column", "sourcedId")
_PLACE = ("file", "record")


def has_found_at(district: District, run: Run) -> bool:
    """Whether it is known at which schools the findings of a run are: of its own, not of one that it repeats."""
    return RunFolder(district, run.pk).has(FOUND_AT)


def find_errors_at(district: District, run: Run, *, known: Sequence[Acknowledgement] = ()) -> pl.DataFrame:
    """``school`` (row id), ``errors`` and ``new`` (UInt32): records that were left out, and of those the ones that were
    not left out by the run before for the same reason. Acknowledged ones are not counted."""
    now = _errors(district, run, known)
    before = _last_read(district, run)
    was = _errors(district, before, known) if before is not None else now.clear()
    told = now.join(was.select(_SAME).unique(), on=list(_SAME), how="anti", nulls_equal=True)
    new = told.group_by("school").agg(pl.len().alias("new"))
    counted = now.group_by("school").agg(pl.len().alias("errors")).join(new, on="school", how="left")
    return counted.with_columns(pl.col("new").fill_null(0)).sort("school")


def _errors(district: District, run: Run, known: Sequence[Acknowledgement]) -> pl.DataFrame:
    at = RunFolder(district, run.pk).read_frame(FOUND_AT)
    found = find_findings(district, run, known=known)
    if at is None or found is None:
        return pl.DataFrame(schema=dict.fromkeys(_SAME, pl.String) | {"school": pl.Int64})
    errors = found.filter(pl.col("severity") == Severity.ERROR.value, pl.col(KNOWN).is_null())
    return errors.join(at, on=list(_PLACE)).select(_SAME)


def _last_read(district: District, run: Run) -> Run | None:
    """The last applied run of the source before this one that read its files itself."""
    with within(district):
        applied = Run.objects.filter(
            district_id=district.pk, source_id=run.source_id, state=RunState.APPLIED, kind="import", pk__lt=run.pk
        )
        earlier = list(applied.order_by("-id")[:LOOK_BACK])
    return next((each for each in earlier if has_found_at(district, each)), None)


def count_people_at(district: District, run: Run, schools: Collection[int]) -> pl.DataFrame:
    """``school`` (row id), ``action`` and ``people``: whom a run adds, updates, removes and restores at these schools,
    by the roles that they have there or that the run gives or takes."""
    folder, wanted = RunFolder(district, run.pk), sorted(schools)
    users, roles = (folder.read_frame(changes_of(table)) for table in ("users", "roles"))
    schema: dict[str, type[pl.DataType]] = {"school": pl.Int64, "person": pl.Int64, "action": pl.String}
    parts = [pl.DataFrame(schema=schema)]
    if roles is not None:
        parts += _by_roles(roles)
    if users is not None:
        with within(district):
            held = Role.objects.filter(district_id=district.pk, org_id__in=wanted, removed_at=None)
            rows = list(held.values_list("org_id", "user_id").distinct())
        known = pl.DataFrame(rows, schema={"school": pl.Int64, "person": pl.Int64}, orient="row")
        parts.append(users.select("action", person="row_id").join(known, on="person").select(list(schema)))
    about = pl.concat(parts).filter(pl.col("school").is_in(wanted)).drop_nulls()
    gravest = about.with_columns(_weight=pl.col("action").replace_strict(_GRAVER, default=9, return_dtype=pl.Int8))
    each = gravest.sort("_weight").unique(["school", "person"], keep="first")
    return each.group_by("school", "action").agg(pl.len().alias("people")).sort("school", "action")


_GRAVER = {"removed": 0, "added": 1, "restored": 2, "updated": 3}
"""What is said of somebody at a school of whom several things could be: the gravest."""


def _by_roles(roles: pl.DataFrame) -> list[pl.DataFrame]:
    """Somebody whose role moves leaves one school and comes to another."""
    moved = (pl.col("action") == "updated") & pl.col("orgSourcedId").ne_missing(pl.col("was.orgSourcedId"))
    told = roles.with_columns(moved=moved)
    here = {"school": pl.col("orgSourcedId"), "person": pl.col("userSourcedId")}
    there = {"school": pl.col("was.orgSourcedId"), "person": pl.col("was.userSourcedId")}
    comes = pl.when("moved").then(pl.lit("added")).otherwise("action")
    return [
        told.filter(pl.col("action").is_in(["added", "restored", "updated"])).select(**here, action=comes),
        told.filter(pl.col("moved") | (pl.col("action") == "removed")).select(**there, action=pl.lit("removed")),
    ]
