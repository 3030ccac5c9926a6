"""Two people of Technical Services at the same case in the same moment: one of them does it, the other is told."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from tests.domain.assisted.conftest import Office, actor_of
from tests.domain.imports.rosters import published

from firstbell.domain.assisted.actions import (
    claim,
    correct_value,
    hand_over,
    import_clean_plans,
    import_plan,
    return_case,
    set_back,
)
from firstbell.domain.assisted.models import Case, CaseState
from firstbell.domain.assisted.states import NotNow
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import RunState
from firstbell.engine.corrections.kinds import ReplaceValues


def _at_once(*works: Callable[[], object]) -> list[object]:
    """What each gives, or how it was told that it is too late; all begin together."""
    together = threading.Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        try:
            together.wait(timeout=20)
            done = work()
            return "done" if done is None else done
        except NotNow as late:
            return str(late)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(one, works))


def _times(office: Office, case: Case, verb: str) -> int:
    with within(office.district):
        return [one.verb for one in list_events(office.district.pk, subject_kind="case", subject_id=case.pk)].count(
            verb
        )


def test_a_case_is_claimed_by_one_of_two(office: Office) -> None:
    case = office.ask()
    told = _at_once(
        lambda: claim(office.district, office.again(case), office.sam, by=office.by_sam),
        lambda: claim(office.district, office.again(case), office.kim, by=actor_of(office.kim)),
    )
    has = office.again(case).claimed_by
    assert sorted(map(str, told)) == sorted(["done", f"{has} has this case already."])
    assert _times(office, case, "case.claimed") == 1


def test_a_case_is_set_back_one_step_and_not_two(office: Office) -> None:
    case = office.bring(office.ask())
    return_case(office.district, case, "No.", now=office.now, by=office.by_sam)
    told = _at_once(
        *[lambda: set_back(office.district, office.again(case), now=office.now, by=office.by_sam)] * 2,
    )
    # Returned goes back to Plan ready, and that to Checked: each is one step, written down by itself.
    assert office.again(case).state == (CaseState.CHECKED if told == ["done", "done"] else CaseState.PLANNED)
    assert _times(office, case, "case.planned") + _times(office, case, "case.checked") == 2 + told.count("done")


def test_a_plan_is_let_go_once_and_imported_once(office: Office) -> None:
    case = office.bring(office.ask())
    told = _at_once(
        lambda: import_plan(office.district, office.again(case), office.sam, by=office.by_sam),
        lambda: import_plan(office.district, office.again(case), office.kim, by=actor_of(office.kim)),
        lambda: import_clean_plans([case.pk], office.sam, by=office.by_sam)[0],
    )
    assert sum(one in ("done", [case.pk]) for one in told) == 1, told
    assert _times(office, case, "case.approved") == 1
    case = office.work(case)
    assert (case.state, len(published(office.district)["users"])) == (CaseState.IMPORTED, 5)


def test_a_plan_that_one_imports_and_another_returns_does_one_of_both(office: Office) -> None:
    case = office.bring(office.ask())
    claim(office.district, case, office.sam, by=office.by_sam)
    told = _at_once(
        lambda: import_plan(office.district, office.again(case), office.sam, by=office.by_sam),
        lambda: return_case(office.district, office.again(case), "No.", now=office.now, by=office.by_sam),
    )
    assert told.count("done") == 1, told
    case = office.work(case)
    people = len(published(office.district)["users"])
    assert (case.state, people) in {(CaseState.IMPORTED, 5), (CaseState.RETURNED, 0)}
    assert office.run(case).state in {RunState.APPLIED, RunState.HELD}


def test_a_case_that_is_taken_over_meanwhile_is_not_imported_by_who_had_it(office: Office) -> None:
    case = office.bring(office.ask())
    claim(office.district, case, office.sam, by=office.by_sam)
    stale = office.again(case)  # Sam's page, on which the case is still Sam's
    hand_over(office.district, case, office.kim, by=actor_of(office.kim))
    told = _at_once(lambda: import_plan(office.district, stale, office.sam, by=office.by_sam))
    assert told == ["Kim Colleague has this case."]
    assert office.run(office.again(case)).state == RunState.HELD


def test_a_value_that_two_put_right_is_put_right_twice_and_the_last_version_counts(office: Office) -> None:
    case = office.bring(office.ask())
    right = [ReplaceValues("Students.csv", "Grade", ((was, "4"),)) for was in ("3", "K")]
    told = _at_once(
        *[
            lambda one=one: correct_value(office.district, case, one, "It is 4.", now=office.now, by=office.by_sam).pk
            for one in right
        ]
    )
    done = [one for one in told if isinstance(one, int)]
    case = office.work(case)
    assert case.run_id in done
    assert case.state == CaseState.PLANNED
    import_plan(office.district, case, office.sam, by=office.by_sam)
    office.work(case)
    grades = sorted(str(one["grades"]) for one in published(office.district)["users"].values() if one["grades"])
    assert grades.count("['04']") >= len(done)
