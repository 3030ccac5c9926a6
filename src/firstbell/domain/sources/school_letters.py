"""What people of a school are told of a run: of their own schools alone, in counts, never a name of a person."""

from collections.abc import Collection
from dataclasses import dataclass, field

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import find_run, list_known
from firstbell.domain.imports.queries.at_schools import count_people_at, find_errors_at, has_found_at
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.queries.schools import name_orgs
from firstbell.domain.sources.models import Notice, NoticeKind
from firstbell.domain.sources.noticing import note

OF_A_SCHOOL = frozenset({NoticeKind.HELD.value, NoticeKind.FINDINGS.value})
"""What somebody who works for some schools may be told of."""
_WOULD = {
    "removed": "would leave",
    "added": "would come",
    "restored": "would come back",
    "updated": "would change",
}


@dataclass(frozen=True, slots=True)
class OfSchools:
    """A line of a notice for each school (row id) that it is about, by the schools' names, and what stands around."""

    lines: dict[int, str] = field(default_factory=dict)
    subject: str = ""
    before: str = ""
    after: str = ""

    def letter_about(self, schools: Collection[int]) -> str:
        """The letter to somebody of these schools; blank where the notice is about none of them."""
        lines = "\n".join(line for school, line in self.lines.items() if school in schools)
        return f"{self.before}\n\n{lines}{self.after}" if lines else ""


def note_findings(district: District, source: Source, run: Run) -> None:
    """Records of schools are left out that were not left out by the run before: told once for the run."""
    if not has_found_at(district, run):  # a repeated file finds nothing new
        return
    errors = _errors(district, run)
    if not errors["new"].sum():
        return
    told = _of_findings(district, run, errors)
    body = told.letter_about(told.lines)
    path = f"runs/{run.pk}/findings/?at=mine"  # who sees the whole district sees all
    subject = f"{source.name}: records of schools are left out"
    note(district, NoticeKind.FINDINGS, f"run-{run.pk}", subject, body, source=source, run=run, path=path)


def of_schools(district: District, notice: Notice, schools: Collection[int]) -> OfSchools:
    """What a notice says of each of these schools; nothing where its run does not wait any more."""
    run = find_run(district, notice.run_id) if notice.run_id is not None and schools else None
    if run is None:
        return OfSchools()
    if notice.kind == NoticeKind.FINDINGS:
        errors = _errors(district, run)
        return _of_findings(district, run, errors.filter(pl.col("school").is_in(sorted(schools))))
    if notice.kind == NoticeKind.HELD and run.state == RunState.HELD:
        return _of_hold(district, run, count_people_at(district, run, schools))
    return OfSchools()


def _errors(district: District, run: Run) -> pl.DataFrame:
    return find_errors_at(district, run, known=list_known(district, run, today=today_of(district)))


def _of_findings(district: District, run: Run, errors: pl.DataFrame) -> OfSchools:
    said = {
        school: f"{'1 record' if count == 1 else f'{count:,} records'} left out, {new:,} newly"
        for school, count, new in errors.filter(pl.col("new") > 0).select("school", "errors", "new").rows()
    }
    before = (
        f"Run {run.pk} of {run.source.name} is applied. Records with an error were left out; what the roster held of"
        " them before stays:"
    )
    subject = f"{district.name}: records of your school are left out"
    return OfSchools(_in_order(district, said), subject, before)


def _of_hold(district: District, run: Run, people: pl.DataFrame) -> OfSchools:
    said: dict[int, list[str]] = {}
    for action, would in _WOULD.items():
        for school, count in people.filter(pl.col("action") == action).select("school", "people").rows():
            who = "1 person" if count == 1 else f"{count:,} people"
            said.setdefault(school, []).append(f"{who} {would}")
    before = (
        f"Run {run.pk} of {run.source.name} waits for the district’s decision, and the roster stays as it is meanwhile."
        " At your school it would change:"
    )
    lines = _in_order(district, {school: ", ".join(parts) for school, parts in said.items()})
    subject = f"{district.name}: a run that waits is about your school"
    return OfSchools(lines, subject, before, "\n\nIf you know why, tell who decides.")


def _in_order(district: District, lines: dict[int, str]) -> dict[int, str]:
    with within(district):
        names = name_orgs(district, lines)
    ordered = sorted(names.items(), key=lambda school: school[1].casefold())
    return {school: f"- {name}: {lines[school]}" for school, name in ordered}
