"""A case in the shapes that both sides' pages show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from firstbell.domain.advice.queries import find_products
from firstbell.domain.assisted.models import Case, CaseState, Side
from firstbell.domain.assisted.queries import list_messages, list_uploads
from firstbell.domain.assisted.states import waits_for
from firstbell.domain.districts.models import District
from firstbell.domain.imports.models import Run, RunState
from firstbell.engine.report import Cause
from firstbell.web.components.shapes import FindingNote, Step
from firstbell.web.components.tones import Tone

STEPS: Final = (
    CaseState.REQUESTED,
    CaseState.TEMPLATES,
    CaseState.RECEIVED,
    CaseState.CHECKED,
    CaseState.PLANNED,
    CaseState.IMPORTED,
    CaseState.VERIFIED,
    CaseState.SIGNED_OFF,
)
_AT: Final = {CaseState.RETURNED: CaseState.TEMPLATES}
TONES: Final[dict[str, Tone]] = {
    CaseState.RECEIVED: "busy",
    CaseState.RETURNED: "bad",
    CaseState.VERIFIED: "good",
    CaseState.SIGNED_OFF: "good",
    CaseState.CANCELLED: "neutral",
}
NEXT: Final[dict[str, tuple[str, str]]] = {
    CaseState.REQUESTED: (
        "Technical Services looks at your request and gives you the templates.",
        "Say which templates fit, and let the district fill them in.",
    ),
    CaseState.TEMPLATES: (
        "Get the templates, fill them in, and bring them back here.",
        "The district fills in the templates.",
    ),
    CaseState.RECEIVED: ("Firstbell checks your files.", "Firstbell checks the files."),
    CaseState.CHECKED: (
        "See what was found below. Put it right and bring the files again, or let Technical Services go on.",
        "The district looks at what was found.",
    ),
    CaseState.PLANNED: (
        "Technical Services looks at the plan and imports it.",
        "Look at the plan, and import it or return the case.",
    ),
    CaseState.RETURNED: (
        "Read below why the files came back. Put them right and bring them again.",
        "The district puts the files right.",
    ),
    CaseState.IMPORTED: (
        "See whether each account is right. Nobody can sign in before you have confirmed them.",
        "The district confirms the accounts.",
    ),
    CaseState.VERIFIED: (
        "The contact person takes over the log-ins and signs the case off.",
        "The district takes over the log-ins and signs off.",
    ),
    CaseState.SIGNED_OFF: ("Nothing. Change the roster with the tools of the product from here on.", "Nothing."),
    CaseState.CANCELLED: ("Nothing. Ask for a new case when you want to.", "Nothing."),
}
"""By state what happens next, as the district reads it and as Technical Services does."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """One version of the files."""

    version: int
    name: str
    by: str
    at: datetime
    note: str
    found: str
    is_current: bool
    url: str = ""


def steps_of(case: Case) -> list[Step]:
    """All steps, with where the case stands."""
    if case.state == CaseState.CANCELLED:
        return []
    state = CaseState(case.state)
    at = STEPS.index(_AT.get(state, state))
    return [Step(step.label, _standing(place, at, state)) for place, step in enumerate(STEPS)]


def _standing(place: int, at: int, state: CaseState) -> Literal["done", "now", "ahead", "held"]:
    if place < at or state == CaseState.SIGNED_OFF:
        return "done"
    if place > at:
        return "ahead"
    return "now" if state == CaseState.RECEIVED else "held"


def facts_of(district: District, case: Case, *, of_district: bool) -> dict[str, object]:
    """What ``cases/standing.html`` shows."""
    products = [product.name for product in find_products(case.products)]
    return {
        "case": case,
        "case_steps": steps_of(case),
        "label": "Returned to the district" if case.state == CaseState.RETURNED else case.get_state_display(),
        "tone": TONES.get(case.state, "wait"),
        "waits_for": waits_for(case),
        "is_ours": waits_for(case) == (Side.DISTRICT if of_district else Side.SERVICES),
        "next": NEXT[case.state][0 if of_district else 1],
        "asks": case.asks,
        "before_id": case.before_id,
        "products": ", ".join(products),
        "schools": ", ".join(case.schools) or f"All schools of {district.name}",
        "messages_of_case": list_messages(district, case),
    }


def file_lines(district: District, case: Case, runs: dict[int, Run], urls: dict[int, str]) -> list[FileLine]:
    """Every version of the files, the newest first."""
    lines = []
    for upload in list_uploads(district, case):
        run = runs.get(upload.run_id)
        found = found_in_words(run) if run else ""
        name = run.package_name if run else ""
        current = upload.run_id == case.run_id
        url = urls.get(upload.run_id, "")
        lines.append(FileLine(upload.version, name, upload.by, upload.at, upload.note, found, current, url))
    return lines


def found_in_words(run: Run) -> str:
    """ "3 errors, 2 warnings", or why there are none."""
    if run.state in {RunState.RECEIVED, RunState.WORKING} and not run.found:
        return "being checked"
    if run.state == RunState.FAILED:
        return "the check was stopped by a fault of Firstbell"
    words = (("fatal", "fatal"), ("error", "error"), ("warning", "warning"))
    counted = [(int(run.found.get(key, 0)), word) for key, word in words]
    said = [f"{count:,} {word}{'' if count == 1 or word == 'fatal' else 's'}" for count, word in counted if count]
    return ", ".join(said) or "nothing found"


def own_reasons(run: Run) -> list[str]:
    """Why a plan would wait even if plans of cases did not, in sentences."""
    return [str(reason["says"]) for reason in run.reasons if reason["code"] != "source-held"]


def finding_note(cause: Cause, *, url: str = "") -> FindingNote:
    """All findings of one cause, for a page that has no pages of runs."""
    return FindingNote(
        cause.code,
        cause.severity.value,
        cause.message,
        cause.remedy,
        file=cause.file or "",
        record=cause.records[0] if cause.records and cause.count == 1 else None,
        column=cause.column or "",
        count=cause.count,
        url=url,
        follows=[f"{found.file}: {found.message}" if found.file else found.message for found in cause.follows],
    )
