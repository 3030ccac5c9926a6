"""What the API takes and gives. Names are those of `firstbell import --json`, and stay as long as v1 stays."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from firstbell.domain.imports.models import Run, RunState

type Count = Annotated[int, Field(ge=0)]


class ReasonShape(Schema):
    """Why a run waits for a person."""

    code: str
    says: str = Field(description="The reason in a sentence.")
    table: str
    school: int | None = Field(default=None, description="The school that it is about, as a number; null for all.")
    count: Count
    known: Count


class RunShape(Schema):
    """One pass of the pipeline over one source."""

    id: int
    kind: Literal["import", "undo"]
    source: str = Field(description="The source's name.")
    state: str = Field(description=f"One of: {', '.join(RunState.values)}.")
    dry_run: bool
    package: str = Field(description="The name of the file that came.")
    started_by: str
    decided_by: str = Field(description="Who approved or discarded it; blank where nobody has.")
    created_at: datetime
    finished_at: datetime | None
    format: str
    files: dict[str, int] = Field(description="Records by file.")
    found: dict[str, int] = Field(description="Findings by severity.")
    changes: dict[str, dict[str, int]] = Field(description="Changes by table and action: applied, or (held) planned.")
    reasons: list[ReasonShape]
    seconds: dict[str, float] = Field(description="How long each step took.")
    message: str = Field(description="What a person should know; blank where there is nothing.")
    safe_part: dict[str, dict[str, int]] = Field(
        description="Of a held run: what can go before the rest, or went, by table and action."
    )
    safe_part_applied: bool = Field(description="That part has been applied; the rest waits.")
    other_schools: dict[str, dict[str, int]] = Field(
        description="Of a held run: what can go while the schools wait that look wrong, by table and action; empty"
        " where it cannot be divided so."
    )
    waiting_schools: list[int] = Field(description="These schools, by the numbers that `reasons` has.")
    undoes: int | None = Field(description="The run that this one undid.")
    conflicts: list[str] = Field(description="What an undo left as it was, in sentences.")
    can_be_decided: bool = Field(description="It is held: approve or discard it.")
    can_be_undone: bool


class RunPage(Schema):
    """Runs, the newest first."""

    runs: list[RunShape]
    next: str | None = Field(description="The address of the runs before these; null on the last page.")


class Approval(Schema):
    """How a held run is approved."""

    rekey: bool = Field(default=True, description="False: people under new ids are other people, not renumbered ones.")


def shape_of(run: Run) -> RunShape:
    """A run (fetched with its source) as the API gives it."""
    return RunShape(
        id=run.pk,
        kind="undo" if run.kind == "undo" else "import",
        source=run.source.name,
        state=run.state,
        dry_run=run.dry_run,
        package=run.package_name,
        started_by=run.started_by,
        decided_by=run.decided_by,
        created_at=run.created_at,
        finished_at=run.finished_at,
        format=run.format,
        files=run.files,
        found=run.found,
        changes=run.counts,
        reasons=[
            ReasonShape(**{name: reason.get(name) for name in ReasonShape.model_fields}) for reason in run.reasons
        ],
        seconds=run.steps,
        message=run.message,
        safe_part=run.safe_counts,
        safe_part_applied=run.safe_part_applied,
        other_schools=run.others.get("counts", {}),
        waiting_schools=run.others.get("schools", []),
        undoes=run.of_run_id,
        conflicts=[conflict["says"] for conflict in run.conflicts],
        can_be_decided=run.can_be_decided,
        can_be_undone=run.can_be_undone,
    )
