"""Schools: their list, and adding, changing, removing and restoring one."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.districts.models import District
from firstbell.domain.roster.access import access_org
from firstbell.domain.roster.editing.schools import add_org, edit_org, remove_org, restore_org, what_goes_with_org
from firstbell.domain.roster.models import Org
from firstbell.domain.roster.queries.schools import list_org_choices, list_orgs
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT
from firstbell.web.components.shapes import Crumb
from firstbell.web.editing.fields import Choices
from firstbell.web.editing.pages import (
    Question,
    ask_and_do,
    district_editor_of,
    form_of_row,
    may_edit_district,
    try_and_tell,
)
from firstbell.web.editing.saving import ANOTHER, save, say_saved, show_form
from firstbell.web.frame import show
from firstbell.web.schools.forms import SchoolForm
from firstbell.web.schools.listing import SCHOOLS
from firstbell.web.short_lists import is_removed
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

ROOM = "schools"
READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@inside
def show_schools(visit: Visit) -> HttpResponse:
    """The list of schools."""
    context = {
        **SCHOOLS.context(visit, list_orgs(visit.district, visit.scope, removed=is_removed(visit))),
        "may_edit": may_edit_district(visit),
        "may_print": visit.may_change(Permission.SET_CREDENTIALS),
        "cards": visit.url("home") + "cards/",
    }
    return show(visit, "schools/schools.html", context, room=ROOM)


@require_safe
@inside
def export_schools(visit: Visit) -> FileResponse:
    """All that the list has, as a CSV file."""
    return SCHOOLS.export(visit, list_orgs(visit.district, visit.scope, removed=is_removed(visit)))


@READ_OR_WRITE
@inside
def add_school(visit: Visit) -> HttpResponse:
    """A new school."""
    editor = district_editor_of(visit)
    form = form_of_row(visit, SchoolForm, None, choices=_choices(visit.district), first={"type": "school"})
    saved = save(form, lambda said: add_org(visit.district, said, by=editor))
    if saved.is_saved:
        say_saved(visit, "The school is added.", visit.url("school", saved.value), form.cleaned_data["name"])
        return redirect(visit.url("school_add" if visit.request.POST.get("then") == ANOTHER else "schools"))
    context = {
        "title": "Add a school",
        "lead": "Classes are held in a school, and people have their roles there.",
        "crumbs": (Crumb("Schools", visit.url("schools")), Crumb("Add")),
        "adds": True,
        "back": visit.url("schools"),
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def show_school(visit: Visit, org_id: int) -> HttpResponse:
    """One school, to be changed."""
    editor = district_editor_of(visit)
    org = access_org(visit.district, visit.viewer, org_id, today=visit.today)
    form = form_of_row(visit, SchoolForm, org, choices=_choices(visit.district))
    saved = save(form, lambda said: edit_org(visit.district, org_id, said, seen=form.seen_stamp, by=editor))
    if saved.is_saved:
        say_saved(visit, "The school is saved.")
        return redirect(visit.url("schools"))
    context = {
        "title": org.name or org.sourced_id,
        "lead": f"Published ID {org.sourced_id}",
        "crumbs": (Crumb("Schools", visit.url("schools")), Crumb(org.name or org.sourced_id)),
        "back": visit.url("schools"),
        "remove_url": "" if org.source_id else visit.url("school_remove", org_id),
        "remove_label": "Remove this school",
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def remove_school(visit: Visit, org_id: int) -> HttpResponse:
    """Whether a school is to be removed."""
    editor = district_editor_of(visit)
    org = access_org(visit.district, visit.viewer, org_id, today=visit.today)
    question = _removal(visit, org)
    return ask_and_do(
        visit,
        question,
        lambda: remove_org(visit.district, org_id, by=editor),
        room=ROOM,
        done=f"{org.name} is removed. It can be restored.",
        to=visit.url("schools"),
    )


@require_POST
@inside
def restore_school(visit: Visit, org_id: int) -> HttpResponse:
    """Bring a removed school back."""
    editor = district_editor_of(visit)
    org = access_org(visit.district, visit.viewer, org_id, today=visit.today)
    done = f"{org.name} is on the roster again."
    return try_and_tell(
        visit, lambda: restore_org(visit.district, org_id, by=editor), done=done, to=visit.url("schools")
    )


def _removal(visit: Visit, org: Org) -> Question:
    courses = len(what_goes_with_org(visit.district, org).get("courses", []))
    return Question(
        title=f"Remove {org.name}?",
        lead="Only a school without people and classes can be removed.",
        says=[
            "The school is not on the roster any more. It waits among the removed ones and can be restored.",
            *([f"With it go {count_in_words(courses, 'course', 'courses')} without a class."] if courses else []),
        ],
        button="Remove this school",
        back=visit.url("school", org.id),
        crumbs=(
            Crumb("Schools", visit.url("schools")),
            Crumb(org.name or "", visit.url("school", org.id)),
            Crumb("Remove"),
        ),
    )


def _choices(district: District) -> dict[str, Choices]:
    return {"parentSourcedId": list_org_choices(district, WHOLE_DISTRICT, only_schools=False)}
