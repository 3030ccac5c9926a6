"""After a run: who of its new students cannot sign in yet, and the cards that the rule gives them."""

from dataclasses import dataclass

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.districts.models import FirstLogIn
from firstbell.domain.imports.access import KIND
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.newcomers import came_with, without_sign_in
from firstbell.domain.roster.queries.people import PeopleFilter, count_people
from firstbell.domain.roster.queries.readiness import Lack, Lacking
from firstbell.domain.roster.sources import ALWAYS_HELD, CARDS
from firstbell.domain.signon.queries import list_offered
from firstbell.web.cards.choosing import MOST
from firstbell.web.listing import address
from firstbell.web.visit import Visit
from firstbell.web.words import count_in_words


@dataclass(frozen=True, slots=True)
class Offer:
    """What is said, and where their cards are printed (or, where they are too many at once, who they are)."""

    says: str
    why: str
    url: str
    prints: bool
    is_by_rule: bool
    """Somebody has said that they get cards: else it is offered in passing."""


def first_log_ins_of(visit: Visit, run: Run) -> Offer | None:
    """None where the rule gives nothing, or nobody is without a way to sign in."""
    came = came_with(run)
    if run.source.kind in ALWAYS_HELD:  # a case: nobody signs in before the district has confirmed its accounts
        return None
    if came is None or run.state not in {RunState.APPLIED, RunState.HELD, RunState.DISCARDED}:
        return None
    if not visit.may_change(Permission.SET_CREDENTIALS):
        return None
    if run.source.kind == KIND:
        wanted = PeopleFilter(lacking=Lacking(Lack.SIGN_IN, visit.today))
        why, kind = "Their list gave them no password.", visit.district.first_log_in
        return _offer(visit, wanted, kind, why, whose="student", parameters={}, is_by_rule=True)
    rule = str(run.source.settings.get(CARDS, ""))
    if not rule and list_offered(visit.district):
        return None  # they come in by single sign-on
    return _offer(
        visit,
        without_sign_in(came, today=visit.today),
        rule or visit.district.first_log_in,
        "They came with this run.",
        whose="new student",
        parameters={"run": run.pk},
        is_by_rule=bool(rule),
    )


def _offer(
    visit: Visit,
    wanted: PeopleFilter,
    kind: str,
    why: str,
    *,
    whose: str,
    parameters: dict[str, str | int],
    is_by_rule: bool,
) -> Offer | None:
    if kind == FirstLogIn.NOTHING:
        return None
    lacking = count_people(visit.district, visit.scope, wanted, most=MOST)
    if not lacking:
        return None
    who = {**parameters, "lack": Lack.SIGN_IN.value}
    if lacking > MOST:
        says = f"More than {MOST} {whose}s have no way to sign in yet"
        return Offer(says, why, address(visit.url("people"), who), prints=False, is_by_rule=is_by_rule)
    says = count_in_words(lacking, f"{whose} has no way to sign in yet", f"{whose}s have no way to sign in yet")
    url = address(visit.url("cards_people"), {"all": "yes", **who, "kind": kind})
    return Offer(says, why, url, prints=True, is_by_rule=is_by_rule)
