"""What the vendor's queue tells of a plan: whether it is clean, and which kinds of findings it has."""

from dataclasses import dataclass

from firstbell.domain.assisted.models import Case, CaseState
from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import find_run, summarize_findings

MOST_CAUSES = 50


def is_clean(run: Run) -> bool:
    """Whether every record can be taken, and nothing but the habit of cases is a reason to wait."""
    faulty = run.found.get("error", 0) or run.found.get("fatal", 0)
    seen = [reason for reason in run.reasons if reason["code"] != "source-held"]
    return run.state == RunState.HELD and not faulty and not seen and any(_changes(run))


def _changes(run: Run) -> list[int]:
    return [counts.get(action, 0) for counts in run.counts.values() for action in ("added", "updated", "restored")]


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """``causes``: kinds of findings, as code, file of the template and count: no cell of anybody's."""

    is_clean: bool = False
    causes: tuple[dict[str, object], ...] = ()


def plan_facts(district: District, case: Case) -> PlanFacts:
    """The facts of a case whose plan is ready and waits; none for any other."""
    run = find_run(district, case.run_id) if case.state == CaseState.PLANNED and case.run_id else None
    if run is None or run.state != RunState.HELD:
        return PlanFacts()
    causes = summarize_findings(district, run).causes[:MOST_CAUSES]
    told = tuple({"code": cause.code, "file": cause.file or "", "count": cause.count} for cause in causes)
    return PlanFacts(is_clean(run), told)
