"""Why is it so? Which run, file and record, or which person, made somebody, a role, a place or a field as it is."""

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.queries import Subject, find_last_word, list_history
from firstbell.domain.roster.access import (
    NotThere,
    access_demographics,
    access_person,
    access_row_of_person,
    access_rows_of_person,
)
from firstbell.domain.roster.columns import sql_name
from firstbell.domain.roster.queries.person import Person
from firstbell.engine.tables import USERS
from firstbell.web.components.shapes import PageLinks
from firstbell.web.frame import show, show_part
from firstbell.web.listing import address
from firstbell.web.moments import Said, moment_of, moments_of, of_field, of_person, of_reported
from firstbell.web.people.person_views import crumbs_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import field_in_words, in_words

type Title = Callable[[Person], str]
FIELDS = {sql_name(column): column.name for column in USERS.content}
"""The fields of a person that can be asked about, by their names in addresses."""


@require_safe
@inside
def show_history(visit: Visit, person_id: int) -> HttpResponse:
    """What happened to a person, and to their roles and places in classes."""
    hanging = access_rows_of_person(visit.district, visit.viewer, person_id, today=visit.today)
    audited = ("user", person_id) if visit.viewer.may(Permission.VIEW_AUDIT) else None
    path = visit.url("person_history", person_id)
    return _show(
        visit,
        person_id,
        Subject(hanging.rows, audited),
        path,
        of_person,
        lambda person: f"What happened to {person.name}",
    )


@require_safe
@inside
def show_why(visit: Visit, person_id: int, row_id: int) -> HttpResponse:
    """Why a person has a role, or is in a class."""
    table = access_row_of_person(visit.district, visit.viewer, person_id, row_id, today=visit.today)
    path = visit.url("person_why", person_id, row_id)
    subject = Subject({table: [row_id]})
    return _show(visit, person_id, subject, path, of_person, lambda person: _question(person, table, row_id))


@require_safe
@inside
def show_reported(visit: Visit, person_id: int) -> HttpResponse:
    """Why what the family reported is so: with its values, and so for who may see them."""
    access_demographics(visit.district, visit.viewer, person_id, today=visit.today)
    path = visit.url("person_reported", person_id)
    subject = Subject({"demographics": [person_id]})
    return _show(visit, person_id, subject, path, of_reported, lambda person: f"What {person.name}’s family reported")


@require_safe
@inside
def show_field(visit: Visit, person_id: int, column: str) -> HttpResponse:
    """Why one field of a person is so: the last word on it."""
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    if column not in FIELDS:
        raise NotThere(column)
    entry = find_last_word(visit.district, "users", person_id, FIELDS[column])
    context = {
        "moments": [moment_of(visit, entry, of_field(FIELDS[column]))] if entry else [],
        "title": f"Why the {field_in_words(FIELDS[column]).lower()} of {person.name} is so",
        "lead": "The last word on it, and who said it.",
        "crumbs": crumbs_of(visit, person, "Why"),
    }
    return show(visit, "people/history.html", context, room="people")


def _show(visit: Visit, person_id: int, subject: Subject, path: str, say: Said, title: Title) -> HttpResponse:
    history = list_history(visit.district, subject, after=visit.request.GET.get("after", ""))
    older = address(path, {"after": history.older}) if history.older else ""
    moments = moments_of(visit, history, say)
    if visit.is_partial:
        return show_part(visit, "people/moments.html", {"moments": moments, "older_url": older})
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    context = {
        "moments": moments,
        "title": title(person),
        "lead": "Which run, file and record made it so, the newest first.",
        "links": PageLinks("", older, newer_label="Newest", older_label="Earlier") if older else None,
        "crumbs": crumbs_of(visit, person, "Why"),
    }
    return show(visit, "people/history.html", context, room="people")


def _question(person: Person, table: str, row_id: int) -> str:
    if table == "roles":
        role = next((role for role in person.roles if role.id == row_id), None)
        return (
            f"Why {person.name} is {in_words(role.role).lower()} at {role.org}" if role else "Why this role was there"
        )
    place = next((place for place in person.places if place.id == row_id), None)
    return f"Why {person.name} is in {place.title}" if place else "Why this place in a class was there"
