"""The same for many people: choose what, look at what will happen, do it. Each step is a page that needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from firstbell.domain.roster.editing.bulk import add_people_to_class, change_grade, remove_people
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.leaving import set_last_day
from firstbell.domain.roster.editing.many import MOST, Outcome
from firstbell.domain.roster.queries import classes, people
from firstbell.domain.roster.queries.classes import ClassFilter
from firstbell.domain.roster.queries.keyset import Place
from firstbell.web.classes.listing import row_of as class_row
from firstbell.web.components.shapes import Crumb
from firstbell.web.editing.fields import grade_choices
from firstbell.web.editing.many import Answer, Change, Nouns, ids_sent, look_or_do, many_context, nobody_chosen
from firstbell.web.editing.pages import editor_of
from firstbell.web.filters import LONGEST
from firstbell.web.frame import show
from firstbell.web.listing import id_in
from firstbell.web.people.leaving_views import day_in
from firstbell.web.people.listing import wanted_in
from firstbell.web.visit import Visit, inside

NOUNS: Final = Nouns("person", "people", room="people")
CHANGES: Final = {
    "class": Change("Add to a class", "Add to the class", "added to the class"),
    "grade": Change("Change grade", "Change the grade", "given the grade"),
    "leave": Change("Set a last day", "Set the last day", "given the last day", has_act=False),
    "remove": Change("Remove", "Remove from the roster", "removed from the roster", is_danger=True),
}
ROLES: Final = [("student", "Student"), ("teacher", "Teacher")]
MOST_CLASSES = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done, to whom, and with what."""

    do: str
    person_ids: Sequence[int]
    grade: str
    class_id: int | None
    role: str
    last_day: date | None
    stays: bool
    """No last day any more."""

    @property
    def is_complete(self) -> bool:
        """Whether it is known what to do: then it can be looked at."""
        known = {"class": self.class_id, "grade": self.grade, "leave": self.stays or self.last_day, "remove": True}
        return bool(known[self.do])


@require_POST
@inside
def change_many(visit: Visit) -> HttpResponse:
    """The page of each step; the last one does it."""
    editor = editor_of(visit)
    asked = _asked(visit)
    change = CHANGES.get(asked.do)
    if change is None or not asked.person_ids:
        return nobody_chosen(visit, NOUNS)
    answer = Answer()
    if asked.is_complete:
        answer = look_or_do(visit, NOUNS, change, lambda only_look: _carry_out(visit, asked, editor, only_look))
    return answer.response or _show(visit, asked, change, answer)


def _asked(visit: Visit) -> Asked:
    sent = visit.request.POST
    ids = ids_sent(visit, "person")
    if sent.get("all") == "yes":
        ids = people.list_ids(visit.district, visit.scope, wanted_in(visit, sent), limit=MOST + 1)
    roles = {word for word, _ in ROLES}
    grades = {word for word, _ in grade_choices()}
    role, grade = sent.get("as", "student"), sent.get("grade", "")
    return Asked(
        sent.get("do", ""),
        ids,
        grade if grade in grades else "",
        id_in(sent.get("class", "")),
        role if role in roles else "student",
        day_in(sent.get("last_day", "")),
        sent.get("then") == "stay" or sent.get("stays") == "yes",
    )


def _carry_out(visit: Visit, asked: Asked, editor: Editor, only_look: bool) -> Outcome:  # noqa: FBT001 (a callback's)
    match asked.do:
        case "class":
            class_id = asked.class_id or 0
            return add_people_to_class(
                visit.district, asked.person_ids, class_id, asked.role, by=editor, only_look=only_look
            )
        case "leave":
            day = None if asked.stays else asked.last_day
            return set_last_day(visit.district, asked.person_ids, day, by=editor, only_look=only_look)
        case "grade":
            return change_grade(visit.district, asked.person_ids, asked.grade, by=editor, only_look=only_look)
        case _:
            return remove_people(visit.district, asked.person_ids, by=editor, only_look=only_look)


def _show(visit: Visit, asked: Asked, change: Change, answer: Answer) -> HttpResponse:
    words = visit.request.POST.get("find", "")[:LONGEST]
    context = {
        **many_context(visit, NOUNS, change, asked.person_ids, answer),
        "asked": asked,
        "grades": grade_choices(),
        "roles": ROLES,
        "find": words,
        "classes": _classes(visit, words) if asked.do == "class" else [],
        "crumbs": (Crumb("People", visit.url("people")), Crumb(change.title)),
    }
    return show(visit, "people/many.html", context, room="people", status=422 if answer.problem else 200)


def _classes(visit: Visit, words: str) -> list[object]:
    wanted = ClassFilter(words=words)
    piece = classes.list_classes(visit.district, visit.scope, wanted, Place(), limit=MOST_CLASSES)
    return [(line.id, class_row(visit, line)) for line in piece.rows]
