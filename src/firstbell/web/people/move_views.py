"""A student moves to another school."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.roster.access import NotThere, access_person
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.moving import move_student, schools_of_student
from firstbell.domain.roster.editing.refusals import NotGood, Refused
from firstbell.domain.roster.queries.person import Person
from firstbell.domain.roster.queries.schools import list_org_choices
from firstbell.web.editing.pages import editor_of
from firstbell.web.frame import show
from firstbell.web.people.forms import MoveForm
from firstbell.web.people.person_views import crumbs_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def move(visit: Visit, person_id: int) -> HttpResponse:
    """From which school to which, and what becomes of the classes."""
    editor = editor_of(visit)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    form = _form(visit, editor, person)
    if form.is_valid():
        try:
            left = _move(visit, editor, person_id, form)
        except Refused as refused:
            form.add_error(None, str(refused))
        except NotGood as wrong:
            for problem in wrong.problems:
                form.add_error(problem.column if problem.column in form.fields else None, problem.says("It"))
        else:
            places = count_in_words(left, "class", "classes")
            messages.success(visit.request, f"{person.name} has moved and has left {places}.")
            return redirect(visit.url("person", person_id))
    context = {
        "form": form,
        "person": person,
        "crumbs": crumbs_of(visit, person, "Move"),
        "back": visit.url("person", person_id),
        "places": person.places,
    }
    return show(visit, "people/move.html", context, room="people", status=422 if form.errors else 200)


def _form(visit: Visit, editor: Editor, person: Person) -> MoveForm:
    """Only schools that the editor has both of. Raises NotThere where the person is a student at none of them."""
    schools = list_org_choices(visit.district, editor.scope, only_schools=True)
    student_at = {str(org_id) for org_id in schools_of_student(visit.district, person.row.id)}
    here = [choice for choice in schools if choice[0] in student_at]
    if not here:
        raise NotThere(person.row.id)
    there = [choice for choice in schools if choice[0] not in student_at]
    data = visit.request.POST if visit.request.method == "POST" else None
    return MoveForm(data, here=here, there=there, grade="")


def _move(visit: Visit, editor: Editor, person_id: int, form: MoveForm) -> int:
    said = form.cleaned_data
    return move_student(
        visit.district, person_id, int(said["from"]), int(said["to"]), grade=said["grade"] or None, by=editor
    )
