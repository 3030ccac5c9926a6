"""One person: who they are, their roles and classes, and what the family reported."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.roster.access import access_demographics, access_person
from firstbell.domain.roster.queries.leaving import find_last_days
from firstbell.domain.roster.queries.person import Person
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show, show_part
from firstbell.web.people.facts import Fact, demographics_in_words, facts_of
from firstbell.web.people.listing import kept_until, sign_in_words
from firstbell.web.people.person_rows import lead_of, place_row, relatives_of, role_row
from firstbell.web.visit import Visit, inside


@require_safe
@inside
def show_person(visit: Visit, person_id: int) -> HttpResponse:
    """All about one person."""
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    sees_demographics = visit.viewer.may(Permission.VIEW_DEMOGRAPHICS)
    may_edit, is_live = visit.may_change(Permission.EDIT_ROSTER), person.row.removed_at is None
    context = {
        "person": person,
        "may_edit": may_edit,
        "is_student": any(role.role == "student" for role in person.roles),
        "waits_until": kept_until(visit.district, person.row.removed_at),
        "lead": lead_of(person),
        "last_day": None if person.owner else find_last_days(visit.district, [person_id]).get(person_id),
        "crumbs": (Crumb("People", visit.url("people")), Crumb(person.name)),
        "facts": [(fact, why_url(visit, person_id, fact)) for fact in facts_of(person)],
        "sign_in": sign_in_words(is_enabled=person.row.enabled_user is not False, can_sign_in=person.can_sign_in),
        "roles": [role_row(visit, person, role, may_change=may_edit and is_live) for role in person.roles],
        "places": [place_row(visit, person, place) for place in person.places],
        "relatives": relatives_of(visit, person),
        "history_url": visit.url("person_history", person_id),
        "programs_url": visit.url("program_person", person_id) if visit.viewer.may(Permission.SHARE_ROSTER) else "",
        "everything_url": _everything_url(visit, person_id),
        "demographics_url": visit.url("person_demographics", person_id) if sees_demographics else "",
    }
    return show(visit, "people/person.html", context, room="people")


def _everything_url(visit: Visit, person_id: int) -> str:
    """Where all that is held of the person can be had; blank for who may not see it all."""
    may = visit.viewer.may(Permission.VIEW_DEMOGRAPHICS) and visit.may_change(Permission.VIEW_AUDIT)
    return visit.url("person_everything", person_id) if may else ""


@require_safe
@inside
def show_demographics(visit: Visit, person_id: int) -> HttpResponse:
    """What the family reported, for who may know it: asked for, never shown in passing."""
    told = access_demographics(visit.district, visit.viewer, person_id, today=visit.today)
    context: dict[str, object] = {
        "facts": demographics_in_words(told) if told else [],
        "why_url": visit.url("person_reported", person_id),
    }
    if visit.is_partial:
        return show_part(visit, "people/demographics_facts.html", context)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    context["crumbs"] = crumbs_of(visit, person, "Demographics")
    context["person"] = person
    return show(visit, "people/demographics.html", context, room="people")


def why_url(visit: Visit, person_id: int, fact: Fact) -> str:
    """Where the page is that tells why a fact is so; blank where no source says it."""
    return visit.url("person_field", person_id, fact.column) if fact.column else ""


def crumbs_of(visit: Visit, person: Person, label: str) -> tuple[Crumb, ...]:
    """The way to a page about one thing of a person."""
    return (
        Crumb("People", visit.url("people")),
        Crumb(person.name, visit.url("person", person.row.id)),
        Crumb(label),
    )
