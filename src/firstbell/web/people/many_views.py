"""The same for many people: choose what, look at what will happen, do it. Each step is a page that needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from firstbell.domain.roster.editing import bulk
from firstbell.domain.roster.editing.bulk import Outcome, add_people_to_class, change_grade, remove_people
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.refusals import NotGood, Refused
from firstbell.domain.roster.queries import classes, people
from firstbell.domain.roster.queries.classes import ClassFilter
from firstbell.domain.roster.queries.keyset import Place
from firstbell.web.classes.listing import row_of as class_row
from firstbell.web.components.shapes import Crumb
from firstbell.web.editing.fields import grade_choices
from firstbell.web.editing.pages import editor_of
from firstbell.web.frame import show
from firstbell.web.listing import id_in
from firstbell.web.people.listing import wanted_in
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

TITLES: Final = {"class": "Add to a class", "grade": "Change grade", "remove": "Remove"}
BUTTONS: Final = {"class": "Add to the class", "grade": "Change the grade", "remove": "Remove from the roster"}
DONE: Final = {"class": "added to the class", "grade": "given the grade", "remove": "removed from the roster"}
ROLES: Final = [("student", "Student"), ("teacher", "Teacher")]
MOST_CLASSES = 30
MOST_NAMED = 50
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done, to whom, and with what."""

    do: str
    person_ids: Sequence[int]
    grade: str
    class_id: int | None
    role: str

    @property
    def is_complete(self) -> bool:
        """Whether it is known what to do: then it can be looked at."""
        return {"class": self.class_id is not None, "grade": bool(self.grade), "remove": True}[self.do]


@require_POST
@inside
def change_many(visit: Visit) -> HttpResponse:
    """The page of each step; the last one does it."""
    editor = editor_of(visit)
    asked = _asked(visit)
    if asked.do not in TITLES or not asked.person_ids:
        messages.warning(visit.request, "Choose some people first, and what to do with them.")
        return redirect(visit.url("people"))
    problem, outcome = "", None
    if asked.is_complete:
        try:
            is_sure = visit.request.POST.get("then") == "do"
            outcome = _carry_out(visit, asked, editor, only_look=not is_sure)
            if is_sure:
                return _tell(visit, asked, outcome)
        except Refused as refused:
            problem = str(refused)
        except NotGood as wrong:
            problem = " ".join(reason.says("It") for reason in wrong.problems)
    return _show(visit, asked, outcome, problem)


def _asked(visit: Visit) -> Asked:
    sent = visit.request.POST
    ids = [row_id for text in sent.getlist("person") if (row_id := id_in(text))]
    if sent.get("all") == "yes":
        ids = people.list_ids(visit.district, visit.scope, wanted_in(visit, sent), limit=bulk.MOST + 1)
    roles = {word for word, _ in ROLES}
    grades = {word for word, _ in grade_choices()}
    role, grade = sent.get("as", "student"), sent.get("grade", "")
    return Asked(
        sent.get("do", ""),
        list(dict.fromkeys(ids)),
        grade if grade in grades else "",
        id_in(sent.get("class", "")),
        role if role in roles else "student",
    )


def _carry_out(visit: Visit, asked: Asked, editor: Editor, *, only_look: bool) -> Outcome:
    match asked.do:
        case "class":
            class_id = asked.class_id or 0
            return add_people_to_class(
                visit.district, asked.person_ids, class_id, asked.role, by=editor, only_look=only_look
            )
        case "grade":
            return change_grade(visit.district, asked.person_ids, asked.grade, by=editor, only_look=only_look)
        case _:
            return remove_people(visit.district, asked.person_ids, by=editor, only_look=only_look)


def _tell(visit: Visit, asked: Asked, outcome: Outcome) -> HttpResponse:
    if not outcome.done:
        messages.warning(visit.request, "Nothing was changed.")
        return redirect(visit.url("people"))
    counted = count_in_words(len(outcome.done), "person was", "people were")
    left = (
        f" {count_in_words(len(outcome.left), 'other stays as it is', 'others stay as they are')}."
        if outcome.left
        else ""
    )
    messages.success(visit.request, f"{counted} {DONE[asked.do]}.{left} You can undo it here.")
    return redirect(visit.url("act", outcome.event_id))


def _show(visit: Visit, asked: Asked, outcome: Outcome | None, problem: str) -> HttpResponse:
    words = visit.request.POST.get("find", "")[:LONGEST]
    context = {
        "title": f"{TITLES[asked.do]}: {count_in_words(len(asked.person_ids), 'person', 'people')}",
        "asked": asked,
        "outcome": outcome,
        "named": outcome.done[:MOST_NAMED] if outcome else [],
        "unnamed": max(0, len(outcome.done) - MOST_NAMED) if outcome else 0,
        "problem": problem,
        "button": BUTTONS[asked.do],
        "grades": grade_choices(),
        "roles": ROLES,
        "find": words,
        "classes": _classes(visit, words) if asked.do == "class" else [],
        "crumbs": (Crumb("People", visit.url("people")), Crumb(TITLES[asked.do])),
        "back": visit.url("people"),
    }
    return show(visit, "people/many.html", context, room="people", status=422 if problem else 200)


def _classes(visit: Visit, words: str) -> list[object]:
    wanted = ClassFilter(words=words)
    piece = classes.list_classes(visit.district, visit.scope, wanted, Place(), limit=MOST_CLASSES)
    return [(line.id, class_row(visit, line)) for line in piece.rows]
