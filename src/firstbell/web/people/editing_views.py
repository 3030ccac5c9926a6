"""Adding, changing, removing and restoring a person."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.districts.models import District
from firstbell.domain.roster.access import access_person
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.people import (
    add_person,
    edit_person,
    remove_person,
    restore_person,
    what_goes_with_person,
)
from firstbell.domain.roster.models import User
from firstbell.domain.roster.queries.person import Person
from firstbell.domain.roster.queries.schools import list_org_choices
from firstbell.engine.tables import TABLES
from firstbell.web.components.shapes import Crumb
from firstbell.web.editing.pages import Question, ask_and_do, editor_of, form_of_row, try_and_tell
from firstbell.web.editing.saving import ANOTHER, save, say_saved, show_form
from firstbell.web.listing import address
from firstbell.web.people.forms import NewPersonForm, PersonForm
from firstbell.web.people.person_views import crumbs_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])
ROOM = "people"
KEPT_FOR_THE_NEXT = ("role", "orgSourcedId", "grades")
"""What the next person to be added most often has too."""


@READ_OR_WRITE
@inside
def add(visit: Visit) -> HttpResponse:
    """A new person with a role in a school."""
    editor = editor_of(visit)
    schools = list_org_choices(visit.district, editor.scope, only_schools=False)
    first = {name: visit.request.GET.get(name, "") for name in KEPT_FOR_THE_NEXT}
    first["role"] = first["role"] or "student"
    form = form_of_row(visit, NewPersonForm, None, choices={"orgSourcedId": schools}, first=dict(first))
    assert isinstance(form, NewPersonForm)
    saved = save(form, lambda said: add_person(visit.district, form.person(), [form.role()], by=editor))
    if saved.is_saved:
        said = form.said()
        name = f"{said['givenName']} {said['familyName']}"
        say_saved(visit, "Added to the roster:", visit.url("person", saved.value), name)
        again = address(visit.url("person_add"), {name: said[name] or "" for name in KEPT_FOR_THE_NEXT})
        wants_another = visit.request.POST.get("then") == ANOTHER
        return redirect(again if wants_another else visit.url("person", saved.value))
    context = {
        "title": "Add a person",
        "lead": "" if schools else "There is no school yet. Add one first: a role is held in a school.",
        "crumbs": (Crumb("People", visit.url("people")), Crumb("Add")),
        "adds": True,
        "back": visit.url("people"),
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def edit(visit: Visit, person_id: int) -> HttpResponse:
    """Who a person is, to be changed."""
    editor = editor_of(visit)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    form = form_of_row(visit, PersonForm, person.row, choices=_choices(visit.district, editor, person.row))
    saved = save(form, lambda said: edit_person(visit.district, person_id, said, seen=form.seen_stamp, by=editor))
    if saved.is_saved:
        say_saved(visit, "Saved.")
        return redirect(visit.url("person", person_id))
    context = {
        "title": f"Change {person.name}",
        "lead": "",
        "crumbs": crumbs_of(visit, person, "Change"),
        "back": visit.url("person", person_id),
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def remove(visit: Visit, person_id: int) -> HttpResponse:
    """Whether a person is to be removed, and what goes with them."""
    editor = editor_of(visit)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    return ask_and_do(
        visit,
        _removal(visit, person),
        lambda: remove_person(visit.district, person_id, by=editor),
        room=ROOM,
        done=f"{person.name} is removed and can be restored for {visit.district.retention_days} days.",
        to=visit.url("people"),
    )


@require_POST
@inside
def restore(visit: Visit, person_id: int) -> HttpResponse:
    """Bring a removed person back."""
    editor = editor_of(visit)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    return try_and_tell(
        visit,
        lambda: restore_person(visit.district, person_id, by=editor),
        done=f"{person.name} is on the roster again, with roles and places in classes.",
        to=visit.url("person", person_id),
    )


def _removal(visit: Visit, person: Person) -> Question:
    hanging = what_goes_with_person(visit.district, person.row.id)
    counted = [count_in_words(len(rows), TABLES[name].noun, TABLES[name].nouns) for name, rows in hanging.items()]
    days = visit.district.retention_days
    return Question(
        title=f"Remove {person.name}?",
        lead="To take somebody out of a class only, open the class.",
        says=[
            *([f"With this person go {', '.join(counted)}."] if counted else []),
            f"For {days} days everything can be restored; username and ID stay reserved.",
            "Products that get the roster see the person leave.",
        ],
        button="Remove this person",
        back=visit.url("person", person.row.id),
        crumbs=crumbs_of(visit, person, "Remove"),
    )


def _choices(district: District, editor: Editor, row: User) -> dict[str, list[tuple[str, str]]]:
    """The schools that may be the main one: the editor's, and the one that is."""
    choices = list_org_choices(district, editor.scope, only_schools=False)
    if row.primary_org_id and str(row.primary_org_id) not in dict(choices):
        choices.append((str(row.primary_org_id), "As it is"))
    return {"primaryOrgSourcedId": choices}
