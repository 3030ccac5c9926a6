"""Adding, changing, removing and restoring a class."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.roster.access import access_class
from firstbell.domain.roster.editing.classes import add_class, edit_class, remove_class, restore_class
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.together import hanging_rows
from firstbell.domain.roster.models import Class
from firstbell.domain.roster.queries.schools import list_org_choices
from firstbell.domain.roster.queries.terms import list_term_choices
from firstbell.web.classes.forms import ClassForm
from firstbell.web.components.shapes import Crumb
from firstbell.web.editing.fields import Choices
from firstbell.web.editing.pages import Question, ask_and_do, editor_of, form_of_row, try_and_tell
from firstbell.web.editing.saving import ANOTHER, save, say_saved, show_form
from firstbell.web.listing import address
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])
ROOM = "classes"


@READ_OR_WRITE
@inside
def add(visit: Visit) -> HttpResponse:
    """A new class."""
    editor = editor_of(visit)
    choices = _choices(visit, editor)
    asked = visit.request.GET
    first: dict[str, object] = {"schoolSourcedId": asked.get("school", ""), "termSourcedIds": asked.getlist("term")}
    if not asked and len(choices["termSourcedIds"]) == 1:
        first["termSourcedIds"] = [choices["termSourcedIds"][0][0]]
    form = form_of_row(visit, ClassForm, None, choices=choices, first=first)
    saved = save(form, lambda said: add_class(visit.district, said, by=editor))
    if saved.is_saved:
        said = form.said()
        say_saved(visit, "The class is added:", visit.url("class", saved.value), said["title"] or "")
        again = address(visit.url("class_add"), {"school": said["schoolSourcedId"] or ""})
        again += "".join(f"&term={term}" for term in (said["termSourcedIds"] or "").split(","))
        wants_another = visit.request.POST.get("then") == ANOTHER
        return redirect(again if wants_another else visit.url("class", saved.value))
    context = {
        "title": "Add a class",
        "lead": _what_is_missing(choices),
        "crumbs": (Crumb("Classes", visit.url("classes")), Crumb("Add")),
        "adds": True,
        "back": visit.url("classes"),
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def edit(visit: Visit, class_id: int) -> HttpResponse:
    """One class, to be changed."""
    editor = editor_of(visit)
    found = access_class(visit.district, visit.viewer, class_id, today=visit.today)
    form = form_of_row(visit, ClassForm, found, choices=_choices(visit, editor))
    saved = save(form, lambda said: edit_class(visit.district, class_id, said, seen=form.seen_stamp, by=editor))
    if saved.is_saved:
        say_saved(visit, "The class is saved.")
        return redirect(visit.url("class", class_id))
    context = {
        "title": f"Change {found.title or found.sourced_id}",
        "lead": "",
        "crumbs": crumbs_of(visit, found, "Change"),
        "back": visit.url("class", class_id),
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def remove(visit: Visit, class_id: int) -> HttpResponse:
    """Whether a class is to be removed, and who leaves it then."""
    editor = editor_of(visit)
    found = access_class(visit.district, visit.viewer, class_id, today=visit.today)
    return ask_and_do(
        visit,
        _removal(visit, found),
        lambda: remove_class(visit.district, class_id, by=editor),
        room=ROOM,
        done=f"{found.title} is removed. It can be restored.",
        to=visit.url("classes"),
    )


@require_POST
@inside
def restore(visit: Visit, class_id: int) -> HttpResponse:
    """Bring a removed class back."""
    editor = editor_of(visit)
    found = access_class(visit.district, visit.viewer, class_id, today=visit.today)
    return try_and_tell(
        visit,
        lambda: restore_class(visit.district, class_id, by=editor),
        done=f"{found.title} is on the roster again, with those who were in it.",
        to=visit.url("class", class_id),
    )


def crumbs_of(visit: Visit, found: Class, label: str) -> tuple[Crumb, ...]:
    """The way to a page about one thing of a class."""
    return (
        Crumb("Classes", visit.url("classes")),
        Crumb(found.title or found.sourced_id, visit.url("class", found.id)),
        Crumb(label),
    )


def _removal(visit: Visit, found: Class) -> Question:
    places = len(hanging_rows(visit.district, "classes", found).get("enrollments", []))
    return Question(
        title=f"Remove {found.title or found.sourced_id}?",
        lead="Nobody leaves the roster with it.",
        says=[
            f"With it go {count_in_words(places, 'place', 'places')} of students and teachers.",
            f"For {visit.district.retention_days} days the class can be restored with them.",
        ],
        button="Remove this class",
        back=visit.url("class", found.id),
        crumbs=crumbs_of(visit, found, "Remove"),
    )


def _choices(visit: Visit, editor: Editor) -> dict[str, Choices]:
    return {
        "schoolSourcedId": list_org_choices(visit.district, editor.scope, only_schools=True),
        "termSourcedIds": list_term_choices(visit.district),
    }


def _what_is_missing(choices: dict[str, Choices]) -> str:
    if not choices["schoolSourcedId"]:
        return "There is no school yet. Add one first: a class is held in a school."
    return "" if choices["termSourcedIds"] else "There is no term yet. Add one first: a class is held in a term."
