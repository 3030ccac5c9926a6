"""Why is it so? Which run, file and record made a person, a role or a place in a class as it is."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.imports.queries import list_row_history
from firstbell.domain.roster.access import access_person, access_row_of_person
from firstbell.domain.roster.queries.person import Person
from firstbell.web.frame import show, show_part
from firstbell.web.people.moments import moments_of
from firstbell.web.people.person_views import crumbs_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import in_words


@require_safe
@inside
def show_history(visit: Visit, person_id: int) -> HttpResponse:
    """What happened to a person."""
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    return _show(visit, person, "users", person_id, title=f"What happened to {person.name}")


@require_safe
@inside
def show_why(visit: Visit, person_id: int, row_id: int) -> HttpResponse:
    """Why a person has a role, or is in a class."""
    table = access_row_of_person(visit.district, visit.viewer, person_id, row_id, today=visit.today)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    return _show(visit, person, table, row_id, title=_question(person, table, row_id))


def _show(visit: Visit, person: Person, table: str, row_id: int, *, title: str) -> HttpResponse:
    moments = moments_of(visit, table, list_row_history(visit.district, table, row_id))
    if visit.is_partial:
        return show_part(visit, "people/moments.html", {"moments": moments})
    context = {"moments": moments, "title": title, "crumbs": crumbs_of(visit, person, "Why")}
    return show(visit, "people/history.html", context, room="people")


def _question(person: Person, table: str, row_id: int) -> str:
    if table == "roles":
        role = next((role for role in person.roles if role.id == row_id), None)
        return (
            f"Why {person.name} is {in_words(role.role).lower()} at {role.org}" if role else "Why this role was there"
        )
    place = next((place for place in person.places if place.id == row_id), None)
    return f"Why {person.name} is in {place.title}" if place else "Why this place in a class was there"
