"""One thing that somebody did by hand: who and when, each row before and after, and taking it back."""

from collections.abc import Sequence
from typing import Final, Literal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.imports.queries import EditEntry, describe_edits, edits_of_act, events_of
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.undoing import UNDONE, access_act, is_undone, undo_act
from firstbell.engine.tables import TABLES
from firstbell.web.components.shapes import Crumb, FieldChange, RowChange
from firstbell.web.editing.fields import label_of
from firstbell.web.editing.pages import editor_of
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside
from firstbell.web.words import in_words

MOST_SHOWN = 200
KINDS: Final[dict[str, Literal["added", "updated", "removed", "restored"]]] = {
    "added": "added",
    "updated": "updated",
    "removed": "removed",
    "restored": "restored",
}
PAGES: Final = {"users": "person", "classes": "class"}
VERBS: Final = {
    "district.begun": "The school, its year and its homerooms were made ready",
    "school_year.begun": "A new school year began",
    "user.edited": "A person was changed",
    "user.moved": "A student moved to another school",
    "people.grade_changed": "Grades were changed",
    "people.added_to_class": "People were added to a class",
    "people.removed": "People were removed",
    "people.left": "People left whose last day had passed",
    "classes.removed": "Classes were removed",
    "classes.terms_changed": "The terms of classes were changed",
    "classes.grade_changed": "The grades of classes were changed",
    "user.merged": "Two rows of one person were merged",
    UNDONE: "Something was undone",
}


@require_safe
@inside
def show_act(visit: Visit, event_id: int) -> HttpResponse:
    """What was done."""
    event = access_act(visit.district, event_id, editor_of(visit))
    edits = edits_of_act(visit.district, event_id)
    entries = describe_edits(visit.district, edits[:MOST_SHOWN], events_of(visit.district, edits[:1]))
    subject, _, verb = event.verb.partition(".")
    title = VERBS.get(event.verb) or in_words(f"{subject} {verb}".replace("_", " "))
    context = {
        "title": title,
        "event": event,
        "changes": row_changes(visit, entries),
        "rows": len(edits),
        "most": MOST_SHOWN,
        "is_undone": is_undone(visit.district, event_id),
        "crumbs": (Crumb("People", visit.url("people")), Crumb("Changed by hand")),
        "undo_url": visit.url("act_undo", event_id),
    }
    return show(visit, "editing/act.html", context, room="people")


@require_POST
@inside
def undo(visit: Visit, event_id: int) -> HttpResponse:
    """Take it back."""
    editor = editor_of(visit)
    access_act(visit.district, event_id, editor)
    try:
        conflicts = undo_act(visit.district, event_id, by=editor)
    except Refused as refused:
        messages.error(visit.request, str(refused))
        return redirect(visit.url("act", event_id))
    if conflicts:
        messages.warning(visit.request, f"Undone, but for what was changed since. {' '.join(dict.fromkeys(conflicts))}")
    else:
        messages.success(visit.request, "Undone: all is as it was before.")
    return redirect(visit.url("act", event_id))


def row_changes(visit: Visit, entries: Sequence[EditEntry]) -> list[RowChange]:
    """Edits as a table shows them."""
    return [
        RowChange(
            kind=KINDS[entry.change.action],
            title=entry.change.title,
            subtitle=TABLES[entry.table].noun,
            url=visit.url(PAGES[entry.table], entry.change.row_id) if entry.table in PAGES else "",
            fields=[
                FieldChange(label_of(TABLES[entry.table], field.name), field.before, field.after)
                for field in entry.change.fields
            ],
        )
        for entry in entries
    ]
