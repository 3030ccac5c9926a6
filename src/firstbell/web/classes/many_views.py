"""The same for many classes: choose what, look at what will happen, do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from firstbell.domain.roster.editing.bulk_classes import change_grade_of_classes, change_terms, remove_classes
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.many import MOST, Outcome
from firstbell.domain.roster.queries.classes import list_class_ids
from firstbell.domain.roster.queries.terms import list_term_choices
from firstbell.web.classes.listing import wanted_in
from firstbell.web.components.shapes import Crumb
from firstbell.web.editing.fields import grade_choices
from firstbell.web.editing.many import Answer, Change, Nouns, ids_sent, look_or_do, many_context, nobody_chosen
from firstbell.web.editing.pages import editor_of
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside

NOUNS: Final = Nouns("class", "classes", room="classes")
CHANGES: Final = {
    "terms": Change("Change terms", "Change the terms", "moved to the terms"),
    "grade": Change("Change grade", "Change the grade", "given the grade"),
    "remove": Change("Remove", "Remove from the roster", "removed from the roster", is_danger=True),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done, to which classes, and with what."""

    do: str
    class_ids: Sequence[int]
    grade: str
    terms: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether it is known what to do: then it can be looked at."""
        return {"terms": bool(self.terms), "grade": bool(self.grade), "remove": True}[self.do]


@require_POST
@inside
def change_many(visit: Visit) -> HttpResponse:
    """The page of each step; the last one does it."""
    editor = editor_of(visit)
    terms = list_term_choices(visit.district)
    asked = _asked(visit, {term_id for term_id, _ in terms})
    change = CHANGES.get(asked.do)
    if change is None or not asked.class_ids:
        return nobody_chosen(visit, NOUNS)
    answer = Answer()
    if asked.is_complete:
        answer = look_or_do(visit, NOUNS, change, lambda only_look: _carry_out(visit, asked, editor, only_look))
    context = {
        **many_context(visit, NOUNS, change, asked.class_ids, answer),
        "asked": asked,
        "grades": grade_choices(),
        "terms": terms,
        "crumbs": (Crumb("Classes", visit.url("classes")), Crumb(change.title)),
    }
    status = 422 if answer.problem else 200
    return answer.response or show(visit, "classes/many.html", context, room="classes", status=status)


def _asked(visit: Visit, terms: set[str]) -> Asked:
    sent = visit.request.POST
    ids = ids_sent(visit, "class")
    if sent.get("all") == "yes":
        ids = list_class_ids(visit.district, visit.scope, wanted_in(visit, sent), limit=MOST + 1)
    grade = sent.get("grade", "") if sent.get("then") else ""
    return Asked(
        sent.get("do", ""),
        ids,
        grade if grade in {word for word, _ in grade_choices()} else "",
        tuple(term for term in sent.getlist("term") if term in terms) if sent.get("then") else (),
    )


def _carry_out(visit: Visit, asked: Asked, editor: Editor, only_look: bool) -> Outcome:  # noqa: FBT001 (a callback's)
    match asked.do:
        case "terms":
            terms = [int(term) for term in asked.terms]
            return change_terms(visit.district, asked.class_ids, terms, by=editor, only_look=only_look)
        case "grade":
            return change_grade_of_classes(visit.district, asked.class_ids, asked.grade, by=editor, only_look=only_look)
        case _:
            return remove_classes(visit.district, asked.class_ids, by=editor, only_look=only_look)
