"""Whether a plan brings more students than a product of the district has seats for: told before it is imported."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from firstbell.domain.advice.catalogue import LicenceSaid
from firstbell.domain.advice.models import Licence
from firstbell.domain.advice.queries import Licensed, licence_said, licensed_as, students_of
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import RunFolder, changes_of
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.models import Class, Org, User

COMES, GOES = ("added", "restored", "updated"), ("removed",)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a run would change, by table; rows are named by row ids, those that would be added too."""

    frames: Mapping[str, pl.DataFrame]

    def people(self, table: str, actions: tuple[str, ...], **only: set[str]) -> set[int]:
        """Whom the changes of a table are about (row ids), of those with one of these values in each column."""
        frame = self.frames.get(table)
        if frame is None:
            return set()
        frame = frame.filter(pl.col("action").is_in(list(actions)))
        for column, values in only.items():
            frame = frame.filter(pl.col(column).cast(pl.String).is_in(sorted(values)))
        whose = "row_id" if table == "users" else "userSourcedId"
        return {int(row_id) for row_id in frame[whose].drop_nulls().unique().to_list()}

    def grades(self) -> dict[int, set[str]]:
        """The grades that people would have, where the plan says them."""
        frame = self.frames.get("users")
        if frame is None:
            return {}
        said = frame.filter(pl.col("action").is_in(list(COMES))).select("row_id", "grades").drop_nulls()
        pairs = zip(said["row_id"].to_list(), said["grades"].str.split(",").to_list(), strict=True)
        return {int(row_id): set(grades) for row_id, grades in pairs}


def list_too_many(district: District, run: Run) -> list[Licensed]:
    """The products of a district that would be shared with more students than it has seats, were the plan imported.

    ``students`` is how many there would be then. Nothing for a run that does not wait: what came of it the pages
    *Method* and *Programs* say.
    """
    if run.state != RunState.HELD:
        return []
    with within(district):
        licences = Licence.objects.filter(district_id=district.pk, seats__isnull=False).select_related("product")
        if not licences:
            return []
        tables = ("users", "roles", "enrollments")
        folder = RunFolder(district, run.pk)
        frames = {table: folder.read_frame(changes_of(table)) for table in tables}
        plan = _Plan({table: frame for table, frame in frames.items() if frame is not None})
        told = [_after(district, licence, plan) for licence in licences.order_by("product__name", "id")]
    return [one for one in told if one.over]


def _after(district: District, licence: Licence, plan: _Plan) -> Licensed:
    said = licence_said(licence)
    coming, going = _coming(district, said, plan), plan.people("users", GOES)
    students = students_of(district, said)
    new = len(coming) - students.filter(id__in=coming).count()
    gone = students.filter(id__in=going).count()
    now = licensed_as(licence, students.count())
    return replace(now, students=now.students + new - gone)


def _coming(district: District, said: LicenceSaid, plan: _Plan) -> set[int]:
    """Those whom the plan makes students whom the licence names."""
    mine = {"district_id": district.pk, "removed_at": None}
    only = {"role": {"student"}}
    if said.schools:
        orgs = Org.objects.filter(**mine, sourced_id__in=said.schools)
        only["orgSourcedId"] = {str(org_id) for org_id in orgs.values_list("id", flat=True)}
    people = plan.people("roles", COMES, **only)
    if said.classes:
        classes = Class.objects.filter(**mine, sourced_id__in=said.classes)
        ids = {str(class_id) for class_id in classes.values_list("id", flat=True)}
        people |= set(students_of(district, replace(said, classes=())).values_list("id", flat=True))
        people &= plan.people("enrollments", COMES, role={"student"}, classSourcedId=ids)
    if said.grades:
        there = User.objects.filter(**mine, id__in=people).values_list("id", "grades")
        grades = {row_id: set(own or ()) for row_id, own in there} | plan.grades()
        people = {one for one in people if grades.get(one, set()) & set(said.grades)}
    return people
