"""What Technical Services and the district do with a case that is open. Each is one transaction with an audit row."""

from collections.abc import Iterable
from datetime import datetime

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.assisted.access import NoSuchCase, access_case_at_desk, is_at_desk
from firstbell.domain.assisted.bringing import look_again, put_right
from firstbell.domain.assisted.models import Case, CaseState, Form, Line
from firstbell.domain.assisted.queries import Asked, list_lines
from firstbell.domain.assisted.queueing import SAID, write_later
from firstbell.domain.assisted.states import SET_BACK, NotNow, ensure_at, locked, move, note
from firstbell.domain.assisted.thread import Said, ensure_text, write_down
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import approve_run, discard_run
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import find_run
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.states import NotNow as RunNotNow
from firstbell.domain.imports.undoing import undo_run
from firstbell.engine.corrections.kinds import ReplaceValues

MOST_AT_ONCE = 50


def claim(district: District, case: Case, staff: StaffMembership, *, by: Actor) -> None:
    """Take a case that nobody has. Raises NotNow."""
    with locked(district, case) as current:
        _ensure_open(current)
        if current.claimed_id is not None and current.claimed_id != staff.account_id:
            raise NotNow(f"{current.claimed_by} has this case already.")
        _give(district, current, staff, by=by, verb="case.claimed")


def hand_over(district: District, case: Case, to: StaffMembership | None, *, by: Actor) -> None:
    """Give a case to a colleague, or (None) back to the queue, whoever has it. Raises NotNow."""
    with locked(district, case) as current:
        _ensure_open(current)
        if to is not None and not is_at_desk(to):
            raise NotNow("Only Technical Services works on cases.")
        if to is not None:
            _give(district, current, to, by=by, verb="case.handed_over")
            return
        note(district, current, "case.let_go", by=by, was=current.claimed_by)
        current.claimed_id, current.claimed_by = None, ""


def make_templates_ready(
    district: District, case: Case, form: Form, *, now: datetime, by: Actor, message: str = ""
) -> None:
    """Say which templates fit, and let the district fill them in. Raises NotNow and BadText."""
    with locked(district, case) as current:
        if form == Form.UNSURE:
            raise NotNow("Say which templates fit: Simple or Full.")
        current.form = form
        _say(district, current, message, by=by)
        move(district, current, CaseState.TEMPLATES, now=now, by=by, form=form.value)
        write_later(district, current, CaseState.TEMPLATES)


def send_as_it_is(district: District, case: Case, *, now: datetime, by: Viewer) -> None:
    """The district has seen what was found, and lets Technical Services go on. Raises NotNow."""
    with locked(district, case) as current:
        ensure_at(current, CaseState.CHECKED)
        run = _run(district, current)
        if run.state != RunState.HELD:
            raise NotNow("Nothing of these files can be used. Bring better ones.")
        move(district, current, CaseState.PLANNED, now=now, by=by.actor, run=run.pk)
        write_later(district, current, CaseState.PLANNED)


def return_case(district: District, case: Case, text: str, *, now: datetime, by: Actor) -> None:
    """Give the files back to the district, with what to do about them. Raises NotNow and BadText."""
    ensure_text(text)
    with locked(district, case) as current:
        ensure_at(current, CaseState.RECEIVED, CaseState.CHECKED, CaseState.PLANNED)
        _ensure_not_at_work(district, current)
        _say(district, current, text, by=by)
        move(district, current, CaseState.RETURNED, now=now, by=by)
        write_later(district, current, CaseState.RETURNED)


def set_back(district: District, case: Case, *, now: datetime, by: Actor) -> None:
    """One step back, where nothing has to be undone for it. Raises NotNow."""
    with locked(district, case) as current:
        before = SET_BACK.get(CaseState(current.state))
        if before is None:
            raise NotNow(f"A case at “{current.get_state_display()}” cannot be set back.")
        _ensure_not_at_work(district, current)
        if before == CaseState.PLANNED and _run(district, current).state != RunState.HELD:
            raise NotNow("There is no plan any more to go back to. The district has to bring its files again.")
        if current.state == CaseState.VERIFIED and current.handed_at:
            raise NotNow("The log-ins are handed over already.")
        move(district, current, before, now=now, by=by, set_back=True)


def take_back_import(district: District, case: Case, text: str, *, now: datetime, by: Actor) -> None:
    """Undo what was imported, and return the case with the reason. Raises NotNow and BadText."""
    ensure_text(text)
    with locked(district, case) as current:
        ensure_at(current, CaseState.IMPORTED)
        try:
            undo_run(district, _run(district, current), by=by)
        except RunNotNow as late:
            raise NotNow(str(late)) from late
        _say(district, current, text, by=by)
        move(district, current, CaseState.RETURNED, now=now, by=by, undone=True)
        write_later(district, current, CaseState.RETURNED)


def cancel(district: District, case: Case, *, now: datetime, by: Actor, why: str = "") -> None:
    """End a case that came to nothing. What waits of it changes nothing any more. Raises NotNow."""
    with locked(district, case) as current:
        _ensure_not_at_work(district, current)
        run = find_run(district, current.run_id) if current.run_id else None
        move(district, current, CaseState.CANCELLED, now=now, by=by, **({"why": why} if why else {}))
        if run is not None and run.state in {RunState.HELD, RunState.RECEIVED, RunState.FAILED}:
            discard_run(district, run, by=by, on_case=True)
        write_later(district, current, CaseState.CANCELLED)


def import_plan(district: District, case: Case, staff: StaffMembership, *, by: Actor) -> None:
    """Let the plan of a case go: a worker imports it. Who lets it go has the case. Raises NotNow."""
    with locked(district, case) as current:
        ensure_at(current, CaseState.PLANNED)
        run = _run(district, current)
        if current.claimed_id is None:
            _give(district, current, staff, by=by, verb="case.claimed")
        if current.claimed_id != staff.account_id:
            raise NotNow(f"{current.claimed_by} has this case.")
        try:
            approve_run(district, run, by=by, on_case=True)
        except RunNotNow as late:
            raise NotNow(str(late)) from late
        note(district, current, "case.approved", by=by, run=run.pk)
        later(CARRY_OUT, district, run)


def import_clean_plans(case_ids: Iterable[int], staff: StaffMembership, *, by: Actor) -> tuple[list[int], list[str]]:
    """Let the clean plans of several cases go, each for itself: which went, and why others did not."""
    wanted = list(case_ids)[:MOST_AT_ONCE]
    clean = {line.case_id: line for line in list_lines(Asked(clean=True), limit=1000) if line.case_id in wanted}
    went, not_now = [], []
    for case_id in wanted:
        line = clean.get(case_id)
        if line is None:
            not_now.append(f"Case {case_id} has no clean plan.")
            continue
        try:
            district, case = access_case_at_desk(staff, line.district.code, case_id)
            import_plan(district, case, staff, by=by)
            went.append(case_id)
        except (NotNow, NoSuchCase) as why:
            not_now.append(f"Case {case_id}: {why}")
    return went, not_now


def correct_value(
    district: District, case: Case, correction: ReplaceValues, why: str, *, now: datetime, by: Actor
) -> Run:
    """Put a value right wherever it stands in a column, tell the district why, and look at the files again.

    It is kept for the district and done to all later files of its cases. Raises NotNow and BadText.
    """
    ensure_text(why)
    with within(district):
        with locked(district, case) as current:
            ensure_at(current, CaseState.CHECKED, CaseState.PLANNED, CaseState.RETURNED)
            _ensure_not_at_work(district, current)
            _say(district, current, f"{correction} {why}", by=by)
        put_right(district, case, [correction], by=by)
        return look_again(district, case, now=now, by=by, why=str(correction))


def answer_finding(case_ids: Iterable[int], said: Said, staff: StaffMembership, *, by: Actor) -> list[int]:
    """Say the same on one kind of finding to several cases that have it; which got it. Raises BadText."""
    ensure_text(said.text)
    wanted = set(list(case_ids)[:MOST_AT_ONCE])
    told = []
    for line in Line.objects.select_related("district").filter(case_id__in=wanted, state=CaseState.PLANNED):
        if not any(cause["code"] == said.code for cause in line.causes):
            continue
        try:
            district, case = access_case_at_desk(staff, line.district.code, line.case_id)
        except NoSuchCase:
            continue
        with locked(district, case) as current:
            write_down(district, current, said, by=by, services=True)
            write_later(district, current, SAID)
        told.append(line.case_id)
    return told


def _give(district: District, case: Case, to: StaffMembership, *, by: Actor, verb: str) -> None:
    was = case.claimed_by
    case.claimed_id, case.claimed_by = to.account_id, to.account.name
    note(district, case, verb, by=by, to=to.account.name, **({"was": was} if was else {}))


def _say(district: District, case: Case, text: str, *, by: Actor) -> None:
    if text.strip():
        ensure_text(text)
        write_down(district, case, Said(text), by=by, services=True)


def _run(district: District, case: Case) -> Run:
    run = find_run(district, case.run_id) if case.run_id else None
    if run is None:
        raise NotNow("There are no files yet.")
    return run


def _ensure_not_at_work(district: District, case: Case) -> None:
    run = find_run(district, case.run_id) if case.run_id else None
    if run is not None and run.state in {RunState.APPROVED, RunState.WORKING}:
        raise NotNow("Firstbell is at work on the files. Try again in a moment.")


def _ensure_open(case: Case) -> None:
    if not case.is_open:
        raise NotNow(f"The case is {case.get_state_display().lower()}.")
