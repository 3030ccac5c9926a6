"""Who is in a class: people come, change their part, and leave it; nobody leaves the roster by it."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.roster.access import access_class
from firstbell.domain.roster.editing.editor import find_place_in_class
from firstbell.domain.roster.editing.places import MOST, add_members, edit_place, remove_places
from firstbell.domain.roster.editing.refusals import NotGood
from firstbell.domain.roster.models import Class, Enrollment, User
from firstbell.domain.roster.queries import people
from firstbell.domain.roster.queries.classes import list_members
from firstbell.domain.roster.queries.keyset import Place
from firstbell.domain.roster.queries.people import PeopleFilter
from firstbell.domain.roster.queries.person import name_of
from firstbell.web.classes.editing_views import crumbs_of
from firstbell.web.classes.forms import MembersForm, PlaceForm
from firstbell.web.editing.pages import Question, ask_and_do, editor_of, form_of_row
from firstbell.web.editing.saving import save, say_saved, show_form
from firstbell.web.frame import show
from firstbell.web.listing import id_in
from firstbell.web.people.listing import row_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words, in_words

READ_OR_WRITE = require_http_methods(["GET", "HEAD", "POST"])
ROOM = "classes"
MOST_SHOWN = 100
LONGEST = 200


@READ_OR_WRITE
@inside
def add(visit: Visit, class_id: int) -> HttpResponse:
    """Look for people, choose some, and add them."""
    editor = editor_of(visit)
    found = access_class(visit.district, visit.viewer, class_id, today=visit.today)
    is_sent = visit.request.method == "POST"
    form = MembersForm(visit.request.POST if is_sent else None, initial={"role": "student"})
    chosen = [row_id for text in visit.request.POST.getlist("person") if (row_id := id_in(text))][:MOST]
    if is_sent and not chosen:
        form.add_error(None, "Choose at least one person.")
    if form.is_valid():
        try:
            came, were_there = add_members(visit.district, class_id, chosen, form.cleaned_data, by=editor)
        except NotGood as wrong:
            form.add_error(None, " ".join(problem.says("It") for problem in wrong.problems))
        else:
            already = f" {count_in_words(were_there, 'person was', 'people were')} in it already." if were_there else ""
            say_saved(visit, f"{count_in_words(came, 'person is', 'people are')} added to the class.{already}")
            return redirect(visit.url("class", class_id))
    return _show_choice(visit, found, form, chosen)


@READ_OR_WRITE
@inside
def edit(visit: Visit, class_id: int, place_id: int) -> HttpResponse:
    """As what and until when somebody is in a class."""
    editor = editor_of(visit)
    found = access_class(visit.district, visit.viewer, class_id, today=visit.today)
    place = find_place_in_class(visit.district, class_id, place_id)
    form = form_of_row(visit, PlaceForm, place, choices={})
    saved = save(
        form, lambda said: edit_place(visit.district, class_id, place_id, said, seen=form.seen_stamp, by=editor)
    )
    if saved.is_saved:
        say_saved(visit, "Saved.")
        return redirect(visit.url("class", class_id))
    context = {
        "title": f"{_name(visit, place)} in {found.title or found.sourced_id}",
        "lead": "",
        "crumbs": crumbs_of(visit, found, "Member"),
        "back": visit.url("class", class_id),
        "remove_url": "" if place.source_id else visit.url("class_member_remove", class_id, place_id),
        "remove_label": "Take out of this class",
    }
    return show_form(visit, saved, context, room=ROOM)


@READ_OR_WRITE
@inside
def remove(visit: Visit, class_id: int, place_id: int) -> HttpResponse:
    """Whether somebody is to leave a class."""
    editor = editor_of(visit)
    found = access_class(visit.district, visit.viewer, class_id, today=visit.today)
    place = find_place_in_class(visit.district, class_id, place_id)
    name = _name(visit, place)
    question = Question(
        title=f"Take {name} out of this class?",
        lead=f"{in_words(place.role or '')} in {found.title or found.sourced_id}",
        says=[f"{name} stays on the roster, in all other classes, and can be added again."],
        button="Take out of this class",
        back=visit.url("class", class_id),
        crumbs=crumbs_of(visit, found, "Take out"),
    )
    return ask_and_do(
        visit,
        question,
        lambda: remove_places(visit.district, class_id, [place_id], by=editor),
        room=ROOM,
        done=f"{name} is not in this class any more.",
        to=visit.url("class", class_id),
    )


def _name(visit: Visit, place: Enrollment) -> str:
    person = User.objects.filter(district_id=visit.district.pk, id=place.user_id or 0).first()
    return name_of(person) if person else "Somebody"


def _show_choice(visit: Visit, found: Class, form: MembersForm, chosen: list[int]) -> HttpResponse:
    """The people of the class's school that the words find, without those who are in it."""
    words = visit.request.GET.get("q", "")[:LONGEST]
    asked_for = visit.request.GET.get("role", "student")
    role = asked_for if asked_for in {"student", "teacher"} else None
    wanted = PeopleFilter(words=words, school=found.school_id, role=role)
    piece = people.list_people(visit.district, visit.scope, wanted, Place(), limit=MOST_SHOWN)
    inside_already = {member.person_id for member in list_members(visit.district, found.id)}
    context = {
        "found": found,
        "form": form,
        "words": words,
        "role": asked_for,
        "roles": [("student", "Students"), ("teacher", "Teachers"), ("all", "Everyone")],
        "rows": [(row_of(visit, line), line.id in chosen, line.id in inside_already) for line in piece.rows],
        "more": piece.has_after,
        "most": MOST_SHOWN,
        "crumbs": crumbs_of(visit, found, "Add people"),
        "back": visit.url("class", found.id),
        "path": visit.url("class_members_add", found.id),
    }
    return show(visit, "classes/add_members.html", context, room=ROOM, status=422 if form.errors else 200)
