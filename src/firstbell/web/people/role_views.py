"""The roles of one person: one more, for how long, and no more."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.roster.access import access_person
from firstbell.domain.roster.editing.editor import find_row_of_person
from firstbell.domain.roster.editing.roles import add_role, edit_role, remove_role
from firstbell.domain.roster.queries.person import HeldRole, Person
from firstbell.domain.roster.queries.schools import list_org_choices
from firstbell.web.editing.pages import Question, ask_and_do, editor_of, form_of_row
from firstbell.web.editing.saving import save, say_saved, show_form
from firstbell.web.people.forms import RoleDatesForm, RoleForm
from firstbell.web.people.person_views import crumbs_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import in_words

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])
ROOM = "people"


@READ_OR_WRITE
@inside
def add(visit: Visit, person_id: int) -> HttpResponse:
    """One more role."""
    editor = editor_of(visit)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    schools = list_org_choices(visit.district, editor.scope, only_schools=False)
    form = form_of_row(visit, RoleForm, None, choices={"orgSourcedId": schools}, first={"role": "teacher"})
    saved = save(form, lambda said: add_role(visit.district, person_id, said, by=editor))
    if saved.is_saved:
        say_saved(visit, "The role is added.")
        return redirect(visit.url("person", person_id))
    context = {
        "title": f"Add a role of {person.name}",
        "lead": "Give a substitute the first day after, and the role ends by itself.",
        "crumbs": crumbs_of(visit, person, "Add a role"),
        "back": visit.url("person", person_id),
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def edit(visit: Visit, person_id: int, role_id: int) -> HttpResponse:
    """From when until when a role is held."""
    editor = editor_of(visit)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    row = find_row_of_person(visit.district, person_id, "roles", role_id)
    form = form_of_row(visit, RoleDatesForm, row, choices={})
    saved = save(
        form, lambda said: edit_role(visit.district, person_id, role_id, said, seen=form.seen_stamp, by=editor)
    )
    if saved.is_saved:
        say_saved(visit, "The role is saved.")
        return redirect(visit.url("person", person_id))
    context = {
        "title": _title(person, role_id),
        "lead": person.name,
        "crumbs": crumbs_of(visit, person, "Role"),
        "back": visit.url("person", person_id),
        "remove_url": "" if row.source_id else visit.url("role_remove", person_id, role_id),
        "remove_label": "Remove this role",
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def remove(visit: Visit, person_id: int, role_id: int) -> HttpResponse:
    """Whether a role is to be removed."""
    editor = editor_of(visit)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    find_row_of_person(visit.district, person_id, "roles", role_id)
    question = Question(
        title="Remove this role?",
        lead=f"{_title(person, role_id)}: {person.name}",
        says=["The person stays on the roster with all other roles, and in their classes."],
        button="Remove this role",
        back=visit.url("person", person_id),
        crumbs=crumbs_of(visit, person, "Remove a role"),
    )
    return ask_and_do(
        visit,
        question,
        lambda: remove_role(visit.district, person_id, role_id, by=editor),
        room=ROOM,
        done="The role is removed.",
        to=visit.url("person", person_id),
    )


def _title(person: Person, role_id: int) -> str:
    held: HeldRole | None = next((role for role in person.roles if role.id == role_id), None)
    return f"{in_words(held.role)} at {held.org}" if held else "A role that is removed"
