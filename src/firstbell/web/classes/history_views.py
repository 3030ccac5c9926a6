"""Why is a class so, and why is somebody in it? Which run, file and record made it so."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.queries import Subject, find_last_word, list_history
from firstbell.domain.roster.access import NotThere, access_class, access_rows_of_class
from firstbell.domain.roster.columns import sql_name
from firstbell.domain.roster.models import Class
from firstbell.engine.tables import CLASSES
from firstbell.web.components.shapes import Crumb, PageLinks
from firstbell.web.frame import show, show_part
from firstbell.web.listing import address
from firstbell.web.moments import moment_of, moments_of, of_class, of_field
from firstbell.web.visit import Visit, inside
from firstbell.web.words import field_in_words

FIELDS = {sql_name(column): column.name for column in CLASSES.content}
"""The fields of a class that can be asked about, by their names in addresses."""


@require_safe
@inside
def show_history(visit: Visit, class_id: int) -> HttpResponse:
    """What happened to a class, and who came and went."""
    hanging = access_rows_of_class(visit.district, visit.viewer, class_id, today=visit.today)
    audited = ("class", class_id) if visit.viewer.may(Permission.VIEW_AUDIT) else None
    after = visit.request.GET.get("after", "")
    history = list_history(visit.district, Subject(hanging.rows, audited), after=after)
    older = address(visit.url("class_history", class_id), {"after": history.older}) if history.older else ""
    moments = moments_of(visit, history, of_class(hanging.nameless))
    if visit.is_partial:
        return show_part(visit, "people/moments.html", {"moments": moments, "older_url": older})
    found = access_class(visit.district, visit.viewer, class_id, today=visit.today)
    context = {
        "moments": moments,
        "title": f"What happened in {_title(found)}",
        "lead": "Which run, file and record made it so, the newest first.",
        "links": PageLinks("", older, newer_label="Newest", older_label="Earlier") if older else None,
        "crumbs": _crumbs(visit, found),
    }
    return show(visit, "people/history.html", context, room="classes")


@require_safe
@inside
def show_field(visit: Visit, class_id: int, column: str) -> HttpResponse:
    """Why one field of a class is so: the last word on it."""
    access_rows_of_class(visit.district, visit.viewer, class_id, today=visit.today)
    found = access_class(visit.district, visit.viewer, class_id, today=visit.today)
    if column not in FIELDS:
        raise NotThere(column)
    entry = find_last_word(visit.district, "classes", class_id, FIELDS[column])
    context = {
        "moments": [moment_of(visit, entry, of_field(FIELDS[column]))] if entry else [],
        "title": f"Why the {field_in_words(FIELDS[column]).lower()} of {_title(found)} is so",
        "lead": "The last word on it, and who said it.",
        "crumbs": _crumbs(visit, found),
    }
    return show(visit, "people/history.html", context, room="classes")


def _crumbs(visit: Visit, found: Class) -> tuple[Crumb, ...]:
    return (
        Crumb("Classes", visit.url("classes")),
        Crumb(_title(found), visit.url("class", found.id)),
        Crumb("Why"),
    )


def _title(found: Class) -> str:
    return found.title or found.sourced_id
