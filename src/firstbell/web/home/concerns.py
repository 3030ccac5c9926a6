"""What needs a person: runs that wait, runs that failed, records that were left out."""

from collections.abc import Sequence
from dataclasses import dataclass

from firstbell.domain.accounts.models import SuccessionState
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.succession import list_successions
from firstbell.domain.advice.access import questions_of
from firstbell.domain.advice.queries import NOTHING, count_open
from firstbell.domain.assisted.models import CaseState, Side
from firstbell.domain.assisted.queries import list_open_cases
from firstbell.domain.assisted.states import WAITS_FOR
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import count_known, list_known
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import OF_CASES
from firstbell.web.cases.showing import NEXT
from firstbell.web.components.tones import Tone
from firstbell.web.visit import Visit
from firstbell.web.words import count_in_words

SAID = 2
"""So many reasons of a held run are said here; its page has all."""


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that needs a person: what, what it means, and where to act."""

    title: str
    detail: str
    tone: Tone
    url: str
    action: str


def concerns_of(visit: Visit, runs: Sequence[Run], waiting: int, held_sources: Sequence[Source]) -> list[Concern]:
    """The most urgent first; none where all is well."""
    if not visit.viewer.may(Permission.VIEW_RUNS):
        return []
    runs = [run for run in runs if run.source.kind != OF_CASES]  # those are told of by their case
    held = [_held(visit, run) for run in runs if run.state == RunState.HELD]
    concerns = [
        *_successions(visit),
        *_cases(visit),
        *_questions(visit),
        *held,
        *_older(visit, waiting - len(held)),
        *_stopped(visit, runs),
    ]
    concerns += [_paused(visit, source) for source in held_sources]
    return [*concerns, *_left_out(visit, runs)]


def _successions(visit: Visit) -> list[Concern]:
    """Who asks to become administrator here, while it can be objected to."""
    if not visit.viewer.may(Permission.MANAGE_MEMBERSHIPS):
        return []
    return [
        Concern(
            f"{one.person_name} asks to become administrator",
            f"With the address {one.email}. Firstbell invites them unless somebody here objects.",
            "wait",
            visit.url("successions"),
            "Look, or object",
        )
        for one in list_successions(visit.district)
        if one.state == SuccessionState.ANNOUNCED
    ]


def _cases(visit: Visit) -> list[Concern]:
    """Cases of One-Time Assisted in which the next step is the district's."""
    if not visit.viewer.may(Permission.MANAGE_CASES):
        return []
    waiting = [case for case in list_open_cases(visit.district) if WAITS_FOR[CaseState(case.state)] == Side.DISTRICT]
    return [
        Concern(
            f"Case {case.pk} waits for you", NEXT[case.state][0], "wait", visit.url("case", case.pk), "Open the case"
        )
        for case in waiting
    ]


def _questions(visit: Visit) -> list[Concern]:
    """What teachers and students asked, for who answers it."""
    questions = questions_of(visit.viewer, visit.district, today=visit.today)
    count = count_open(visit.district, questions) if questions != NOTHING else 0
    if not count:
        return []
    title = f"{count_in_words(count, 'question waits', 'questions wait')} for an answer"
    whose = "Students of your school ask." if questions.schools else "Teachers or students of your district ask."
    return [Concern(title, whose, "wait", visit.url("contact"), "Read and answer")]


def _held(visit: Visit, run: Run) -> Concern:
    may_decide = visit.may_change(Permission.DECIDE_RUNS)
    said = [str(reason["says"]) for reason in run.reasons]
    more = f" And {count_in_words(len(said) - SAID, 'other reason', 'other reasons')}." if len(said) > SAID else ""
    return Concern(
        title=f"Run {run.pk} of {run.source.name} waits for {'you' if may_decide else 'an administrator'}",
        detail=" ".join(said[:SAID]) + more,
        tone="wait",
        url=visit.url("run", run.pk),
        action="Look and decide" if may_decide else "Look",
    )


def _older(visit: Visit, count: int) -> list[Concern]:
    if count <= 0:
        return []
    title = f"{count_in_words(count, 'older run waits', 'older runs wait')} for a decision"
    return [Concern(title, "", "wait", visit.url("runs"), "See the runs")]


def _stopped(visit: Visit, runs: Sequence[Run]) -> list[Concern]:
    """The newest run, where it came to nothing."""
    newest = next((run for run in runs if not run.dry_run), None)
    if newest is None or newest.state not in {RunState.REFUSED, RunState.FAILED}:
        return []
    title = f"Run {newest.pk} of {newest.source.name} {'was refused' if newest.state == RunState.REFUSED else 'failed'}"
    return [Concern(title, newest.message, "bad", visit.url("run", newest.pk), "See why")]


def _paused(visit: Visit, source: Source) -> Concern:
    return Concern(
        f"Every run of {source.name} waits for a person",
        source.held,
        "wait",
        visit.url("sources") if visit.viewer.may(Permission.MANAGE_SOURCES) else "",
        "Open the sources",
    )


def _left_out(visit: Visit, runs: Sequence[Run]) -> list[Concern]:
    """What the last run that read its files had to leave out."""
    judged = {RunState.APPLIED, RunState.HELD}
    last = next((run for run in runs if run.state in judged and run.kind == "import"), None)
    if last is None or not last.found.get("error"):
        return []
    known = list_known(visit.district, last, today=visit.today)
    covered = count_known(visit.district, last, known=known).get("error", 0)
    errors = int(last.found["error"]) - covered
    if errors <= 0:
        return []
    more = f" {covered:,} more {'is' if covered == 1 else 'are'} acknowledged." if covered else ""
    return [
        Concern(
            f"Run {last.pk} of {last.source.name} has {count_in_words(errors, 'error', 'errors')}",
            f"Records with an error are left out; what was on the roster before stays as it was.{more}",
            "wait",
            visit.url("run", last.pk),
            "See what to repair",
        )
    ]
