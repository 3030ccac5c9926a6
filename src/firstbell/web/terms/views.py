"""Terms: their list, and adding, changing, removing and restoring one."""

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.districts.models import District
from firstbell.domain.roster.access import access_term
from firstbell.domain.roster.editing import terms
from firstbell.domain.roster.models import AcademicSession
from firstbell.domain.roster.queries.terms import list_term_choices, list_terms
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
from firstbell.web.short_lists import is_removed
from firstbell.web.terms.forms import TermForm
from firstbell.web.terms.listing import TERMS
from firstbell.web.visit import Visit, inside

ROOM = "terms"
READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@inside
def show_terms(visit: Visit) -> HttpResponse:
    """The list of terms, for who sees the roster: they are the whole district's."""
    ensure_may(visit.viewer, Permission.VIEW_ROSTER)
    context = {
        **TERMS.context(visit, list_terms(visit.district, removed=is_removed(visit))),
        "may_edit": may_edit_district(visit),
    }
    return show(visit, "terms/terms.html", context, room=ROOM)


@require_safe
@inside
def export_terms(visit: Visit) -> FileResponse:
    """All that the list has, as a CSV file."""
    ensure_may(visit.viewer, Permission.VIEW_ROSTER)
    return TERMS.export(visit, list_terms(visit.district, removed=is_removed(visit)))


@READ_OR_WRITE
@inside
def add_term(visit: Visit) -> HttpResponse:
    """A new term."""
    editor = district_editor_of(visit)
    form = form_of_row(visit, TermForm, None, choices=_choices(visit.district), first={"type": "schoolYear"})
    saved = save(form, lambda said: terms.add_term(visit.district, said, by=editor))
    if saved.is_saved:
        say_saved(visit, "The term is added.", visit.url("term", saved.value), form.cleaned_data["title"])
        return redirect(visit.url("term_add" if visit.request.POST.get("then") == ANOTHER else "terms"))
    context = {
        "title": "Add a term",
        "lead": "Classes are held in terms. A school year is enough to begin with.",
        "crumbs": (Crumb("Terms", visit.url("terms")), Crumb("Add")),
        "adds": True,
        "back": visit.url("terms"),
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def show_term(visit: Visit, term_id: int) -> HttpResponse:
    """One term, to be changed."""
    editor = district_editor_of(visit)
    term = access_term(visit.district, visit.viewer, term_id)
    form = form_of_row(visit, TermForm, term, choices=_choices(visit.district))
    saved = save(form, lambda said: terms.edit_term(visit.district, term_id, said, seen=form.seen_stamp, by=editor))
    if saved.is_saved:
        say_saved(visit, "The term is saved.")
        return redirect(visit.url("terms"))
    context = {
        "title": term.title or term.sourced_id,
        "lead": f"Published ID {term.sourced_id}",
        "crumbs": (Crumb("Terms", visit.url("terms")), Crumb(term.title or term.sourced_id)),
        "back": visit.url("terms"),
        "remove_url": "" if term.source_id else visit.url("term_remove", term_id),
        "remove_label": "Remove this term",
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def remove_term(visit: Visit, term_id: int) -> HttpResponse:
    """Whether a term is to be removed."""
    editor = district_editor_of(visit)
    term = access_term(visit.district, visit.viewer, term_id)
    question = _removal(visit, term)
    return ask_and_do(
        visit,
        question,
        lambda: terms.remove_term(visit.district, term_id, by=editor),
        room=ROOM,
        done=f"{term.title} is removed. It can be restored.",
        to=visit.url("terms"),
    )


@require_POST
@inside
def restore_term(visit: Visit, term_id: int) -> HttpResponse:
    """Bring a removed term back."""
    editor = district_editor_of(visit)
    term = access_term(visit.district, visit.viewer, term_id)
    done = f"{term.title} is on the roster again."
    return try_and_tell(
        visit, lambda: terms.restore_term(visit.district, term_id, by=editor), done=done, to=visit.url("terms")
    )


def _removal(visit: Visit, term: AcademicSession) -> Question:
    return Question(
        title=f"Remove {term.title}?",
        lead="Only a term in which no class is held can be removed.",
        says=[
            "The term is not on the roster any more. It waits among the removed ones and can be restored.",
        ],
        button="Remove this term",
        back=visit.url("term", term.id),
        crumbs=(
            Crumb("Terms", visit.url("terms")),
            Crumb(term.title or "", visit.url("term", term.id)),
            Crumb("Remove"),
        ),
    )


def _choices(district: District) -> dict[str, Choices]:
    return {"parentSourcedId": list_term_choices(district)}
