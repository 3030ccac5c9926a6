"""After a list has ended: who of the students cannot sign in yet, and the cards that the district's rule gives them."""

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.districts.models import FirstLogIn
from firstbell.domain.imports.access import KIND
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.queries.people import PeopleFilter, list_ids
from firstbell.domain.roster.queries.readiness import Lack, Lacking
from firstbell.web.cards.choosing import MOST
from firstbell.web.listing import address
from firstbell.web.visit import Visit
from firstbell.web.words import count_in_words


def first_log_ins_of(visit: Visit, run: Run) -> tuple[str, str] | None:
    """What to say and where to print; None where the rule gives nothing, or nobody is without a way to sign in."""
    rule = visit.district.first_log_in
    brought_people = run.state == RunState.APPLIED and run.counts.get("users", {}).get("added")
    if run.source.kind != KIND or not brought_people or rule == FirstLogIn.NOTHING:
        return None
    if not visit.may_change(Permission.SET_CREDENTIALS):
        return None
    wanted = PeopleFilter(lacking=Lacking(Lack.SIGN_IN, visit.today))
    lacking = len(list_ids(visit.district, visit.scope, wanted, limit=MOST + 1))
    if not lacking:
        return None
    if lacking > MOST:
        said = f"More than {MOST} students have no way to sign in yet"
        return said, address(visit.url("people"), {"lack": Lack.SIGN_IN.value})
    said = count_in_words(lacking, "student has no way to sign in yet", "students have no way to sign in yet")
    return said, address(visit.url("cards_people"), {"all": "yes", "lack": Lack.SIGN_IN.value, "kind": rule})
