"""A run in the shapes that components show."""

from dataclasses import dataclass
from typing import Literal, cast

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.models import Acknowledgement, Run, RunState
from firstbell.domain.imports.progress import Progress, total_changes, total_findings, total_rows
from firstbell.domain.imports.queries import FindingRow, Place, RowChanged
from firstbell.engine.report import Cause
from firstbell.engine.tables import TABLES
from firstbell.web.components.shapes import Counts, FieldChange, FindingNote, HoldReason, RowChange, Step
from firstbell.web.listing import address
from firstbell.web.visit import Visit
from firstbell.web.words import count_in_words, field_in_words

STEPS = {
    "read": "Read",
    "check": "Check",
    "compare": "Match and compare",
    "guard": "Guard",
    "apply": "Apply",
    "verify": "Verify",
}
type StepState = Literal["done", "now", "ahead", "held", "failed"]
ACTIONS = ("added", "updated", "removed", "restored")


def steps_of(run: Run, progress: Progress | None, *, known: int = 0) -> list[Step]:
    """The steps of the pipeline, with what was counted and how long each took. ``known``: findings acknowledged."""
    if run.kind == "undo":
        return []
    seconds = progress.seconds if progress else run.steps
    now = progress.step if progress else ""
    steps = []
    for name, label in STEPS.items():
        state = _state(run, name, now, seconds)
        took = seconds.get(name) if state != "ahead" else None  # a held run passed by the steps that wait
        if name == "apply" and took is not None:
            took += seconds.get("keep", 0.0)
        steps.append(Step(label, state, _note(run, name, known) if state in {"done", "held"} else "", took))
    return steps


def _state(run: Run, name: str, now: str, seconds: dict[str, float]) -> StepState:
    waits = run.state in {RunState.HELD, RunState.CHECKED, RunState.DISCARDED}
    if name == now or (now == "keep" and name == "apply"):
        return "now"
    if waits and name in {"apply", "verify"} and not run.safe_part_applied:
        return "ahead"
    if waits and name == "guard" and run.reasons:
        return "held"
    if name in seconds or run.state in {RunState.APPLIED, RunState.UNDONE}:
        return "done"
    if run.state in {RunState.FAILED, RunState.REFUSED} and not any(step in seconds for step in _after(name)):
        return "failed" if _is_next(name, seconds) else "ahead"
    return "ahead"


def _after(name: str) -> list[str]:
    names = list(STEPS)
    return names[names.index(name) :]


def _is_next(name: str, seconds: dict[str, float]) -> bool:
    names = list(STEPS)
    place = names.index(name)
    return place == 0 or names[place - 1] in seconds


def _note(run: Run, name: str, known: int) -> str:
    match name:
        case "read":
            return count_in_words(total_rows(run), "record", "records")
        case "check":
            told = count_in_words(total_findings(run) - known, "finding", "findings")
            return f"{told}, {known:,} acknowledged" if known else told
        case "compare":
            return count_in_words(total_changes(run), "change", "changes")
        case "guard":
            return count_in_words(len(run.reasons), "reason to wait", "reasons to wait") if run.reasons else "safe"
        case "apply" if run.safe_part_applied and run.state in {RunState.HELD, RunState.DISCARDED}:
            return "the safe part"
        case _:
            return ""


def reasons_of(visit: Visit, run: Run) -> list[HoldReason]:
    """Why the run waits, people first."""
    return [HoldReason(str(reason["says"]), url=_whom(visit, run, reason)) for reason in run.reasons]


def _whom(visit: Visit, run: Run, reason: dict[str, object]) -> str:
    """Where to see the rows that a reason is about; blank where it is not about rows."""
    action = {"too-many-removals": "removed", "too-many-updates": "updated"}.get(str(reason["code"]))
    if action is None or reason["table"] == "demographics":
        return ""
    path = visit.url("run_changes", run.pk, reason["table"])
    return address(path, {"action": action, "school": str(reason["school"] or "")})


@dataclass(frozen=True, slots=True)
class Divided:
    """What of a held run goes with its safe part, and what waits on: "People: 3 added, 12 updated"."""

    goes: list[str]
    waits: list[str]


def divided(run: Run) -> Divided:
    """A run before its safe part goes."""
    waits = {
        name: {action: counts.get(action, 0) - run.safe_counts.get(name, {}).get(action, 0) for action in ACTIONS}
        for name, counts in run.counts.items()
    }
    return Divided(listed(run.safe_counts), listed(waits))


def listed(counts: dict[str, dict[str, int]]) -> list[str]:
    """Changes by table, in words."""
    told = {
        TABLES[name].nouns.capitalize(): [f"{n:,} {action}" for action in ACTIONS if (n := counts[name].get(action))]
        for name in TABLES
        if name in counts
    }
    return [f"{nouns}: {', '.join(said)}" for nouns, said in told.items() if said]


def counts_of(run: Run, table: str | None = None) -> Counts:
    """Changes of one table or of all."""
    tables = [run.counts.get(table, {})] if table else list(run.counts.values())
    return Counts(*(sum(int(counts.get(action, 0)) for counts in tables) for action in ACTIONS))


def tables_of(visit: Visit, run: Run) -> list[tuple[str, str, Counts, str]]:
    """Tables that the run changes: name, label, counts, address of the page."""
    changed = [name for name, counts in run.counts.items() if any(counts.get(action) for action in ACTIONS)]
    return [
        (name, TABLES[name].nouns.capitalize(), counts_of(run, name), visit.url("run_changes", run.pk, name))
        for name in TABLES
        if name in changed
    ]


def cause_note(visit: Visit, run: Run, cause: Cause, *, known: Acknowledgement | None = None) -> FindingNote:
    """All findings of one cause, or those of it that somebody has acknowledged."""
    wanted = {"code": cause.code, "file": cause.file or "", "column": cause.column or ""}
    url = address(visit.url("run_findings", run.pk), wanted)
    place = Place(cause.code, cause.file or "", cause.column or "", known.sourced_id if known else "")
    return FindingNote(
        cause.code,
        cause.weight.value,
        cause.message,
        cause.remedy,
        file=cause.file or "",
        record=cause.records[0] if cause.records and cause.count == 1 else None,
        column=cause.column or "",
        count=cause.count,
        url=url if cause.count > 1 else "",
        follows=_follows(cause),
        known=known_in_words(known) if known else "",
        acknowledge_url=_may_acknowledge(visit, run, place, cause.severity.value) if may_name(visit, place) else "",
    )


def _follows(cause: Cause) -> list[str]:
    """What is only so because of a cause, and how many records it costs in all."""
    told = [f"{found.file}: {found.message}" if found.file else found.message for found in cause.follows]
    if told and cause.left_out:
        told.append(f"In all, it leaves out {count_in_words(cause.left_out, 'record', 'records')}.")
    return told


def finding_note(visit: Visit, run: Run, row: FindingRow) -> FindingNote:
    """One finding."""
    severity = cast("Literal['fatal', 'error', 'warning']", row.severity)
    place = Place(row.code, row.file, row.column, row.sourced_id)
    return FindingNote(
        row.code,
        severity,
        row.message,
        row.remedy,
        row.file,
        row.record,
        row.column,
        row.value,
        row.sourced_id,
        known=known_in_words(row.known) if row.known else "",
        acknowledge_url=_may_acknowledge(visit, run, place, severity) if row.sourced_id and not row.known else "",
        of_one_record=True,
    )


def known_in_words(known: Acknowledgement) -> str:
    """By whom, until when and why."""
    return f"By {known.given_by}, until {known.until:%-d %B %Y}: {known.reason}"


def acknowledge_url(visit: Visit, run_id: int, place: Place) -> str:
    """Where to acknowledge what a run found at a place."""
    asked = {"code": place.code, "file": place.file, "column": place.column, "record": place.sourced_id}
    return address(visit.url("run_acknowledge", run_id), asked)


def may_name(visit: Visit, place: Place) -> bool:
    """Whether the viewer may know which record somebody has acknowledged: it may be about anything."""
    return not place.sourced_id or visit.viewer.may(Permission.VIEW_DEMOGRAPHICS)


def _may_acknowledge(visit: Visit, run: Run, place: Place, severity: str) -> str:
    may = visit.may_change(Permission.MANAGE_SOURCES) and severity != "fatal"
    return acknowledge_url(visit, run.pk, place) if may else ""


def row_change(visit: Visit, run: Run, table: str, row: RowChanged) -> RowChange:
    """One changed row; a person on the roster is linked."""
    kind = cast("Literal['added', 'updated', 'removed', 'restored']", row.action)
    place = f"{row.file}, record {row.record:,}" if row.file and row.record else ""
    fields = tuple(FieldChange(field_in_words(field.name), field.before, field.after) for field in row.fields)
    waits = run.state in {RunState.HELD, RunState.CHECKED, RunState.DISCARDED} and not run.safe_part_applied
    is_there = table == "users" and not (waits and row.action == "added")
    return RowChange(kind, row.title, place, visit.url("person", row.row_id) if is_there else "", fields)
