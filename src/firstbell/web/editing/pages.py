"""The pages that are alike in every room: the form of a row, and the question before something is removed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.roster.editing.editor import Editor, access_editor, ensure_whole_district
from firstbell.domain.roster.editing.ownership import locked_columns
from firstbell.domain.roster.editing.refusals import NotGood, Refused
from firstbell.domain.roster.editing.values import texts_of
from firstbell.domain.roster.models import Row
from firstbell.web.components.shapes import Crumb
from firstbell.web.editing.fields import Choices
from firstbell.web.editing.forms import RowForm
from firstbell.web.frame import show
from firstbell.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before something is done: what will happen, in sentences, and what the button says."""

    title: str
    lead: str
    says: Sequence[str]
    button: str
    back: str
    crumbs: Sequence[Crumb]
    tone: str = "danger"


def editor_of(visit: Visit) -> Editor:
    """The visitor as one who edits. Raises NotAllowed."""
    return access_editor(visit.district, visit.viewer, today=visit.today)


def district_editor_of(visit: Visit) -> Editor:
    """The visitor as one who changes what is the whole district's. Raises NotAllowed."""
    editor = editor_of(visit)
    ensure_whole_district(editor)
    return editor


def may_edit_district(visit: Visit) -> bool:
    """Whether schools and terms are the visitor's to change."""
    return visit.may_change(Permission.EDIT_ROSTER) and visit.scope.schools is None


def form_of_row(
    visit: Visit,
    form: type[RowForm],
    row: Row | None,
    *,
    choices: dict[str, Choices],
    first: dict[str, object] | None = None,
) -> RowForm:
    """The form of a row as it stands (or of a new one), filled with what was sent."""
    data = visit.request.POST if visit.request.method == "POST" else None
    if row is None:
        return form(data, choices=choices, initial=first)
    table = form.table.name
    locked = locked_columns(visit.district, table, row)
    return form(data, texts=texts_of(form.table, row), stamp=row.stamp, locked=locked, choices=choices)


def ask(visit: Visit, question: Question, *, room: str, problem: str = "") -> HttpResponse:
    """The page that asks; with what hindered it, where it was answered and could not be."""
    context = {"question": question, "problem": problem}
    return show(visit, "editing/confirm.html", context, room=room, status=422 if problem else 200)


def ask_and_do(
    visit: Visit, question: Question, verb: Callable[[], object], *, room: str, done: str, to: str
) -> HttpResponse:
    """Ask, and where the answer came, do it and go on to ``to``."""
    if visit.request.method != "POST":
        return ask(visit, question, room=room)
    try:
        verb()
    except Refused as refused:
        return ask(visit, question, room=room, problem=str(refused))
    messages.success(visit.request, done)
    return redirect(to)


def try_and_tell(visit: Visit, verb: Callable[[], object], *, done: str, to: str) -> HttpResponse:
    """Do something that needs no question, tell how it went, and go on."""
    try:
        verb()
    except Refused as refused:
        messages.error(visit.request, str(refused))
    except NotGood as wrong:
        messages.error(visit.request, " ".join(problem.says("It") for problem in wrong.problems))
    else:
        messages.success(visit.request, done)
    return redirect(to)
