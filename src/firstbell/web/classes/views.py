"""Looking for classes, and one class."""

from datetime import timedelta
from typing import Final

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.models import Role as MembershipRole
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.advice.queries import list_answered
from firstbell.domain.launch.queries import list_tiles
from firstbell.domain.roster.access import access_class, access_members, access_own_classes
from firstbell.domain.roster.editing.many import MOST
from firstbell.domain.roster.queries import classes
from firstbell.domain.roster.queries.classes import STUDENT, class_lines
from firstbell.web.classes.listing import COLUMNS, filter_of, parameters_of, row_of, wanted_in
from firstbell.web.classes.members import member_row
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show, show_part
from firstbell.web.listing import address, links_of, place_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import MOST_COUNTED, count_up_to

ANSWERS_STAY: Final = timedelta(days=7)
"""So long somebody's own page tells of an answer."""
ASKED = ("class_code", "term_ids", "periods", "grades", "subjects")
"""The facts of a class, as the fields of the roster of which one can ask why."""


@require_safe
@inside
def show_classes(visit: Visit) -> HttpResponse:
    """The list of classes, or the part of it that changed."""
    wanted = wanted_in(visit)
    piece = classes.list_classes(visit.district, visit.scope, wanted, place_of(visit.request))
    total = classes.count_classes(visit.district, visit.scope, wanted, most=MOST_COUNTED)
    path, parameters, columns = visit.url("classes"), parameters_of(wanted), COLUMNS.shown(visit.request)
    how = COLUMNS.as_asked(wanted.sort, columns)
    shown = {**parameters, **how}
    context = {
        "classes": [row_of(visit, line, columns) for line in piece.rows],
        "wanted": wanted,
        "count": total,
        "heads": COLUMNS.heads(path, shown, wanted.sort, columns),
        "columns": COLUMNS.choices(columns),
        "how_shown": [(name, value) for name, value in how.items() if value],
        "chosen_by": [(name, value) for name, value in parameters.items() if value],
        "export_url": address(visit.url("classes_export"), shown) if visit.may_change(Permission.VIEW_ROSTER) else "",
        "most_at_once": MOST,
        "is_filtered": any(parameters.values()),
        "total": count_up_to(total, "class", "classes"),
        "links": links_of(path, shown, piece),
        "path": path,
        "may_edit": visit.may_change(Permission.EDIT_ROSTER),
    }
    if not visit.is_partial:
        return show(visit, "classes/classes.html", {**context, "form": filter_of(visit, wanted)}, room="classes")
    if visit.request.headers.get("HX-Trigger") != "id_q":
        form = filter_of(visit, wanted)
        form.follow()
        context["form"] = form
    response = show_part(visit, "classes/found.html", context)
    response["HX-Replace-Url"] = address(path, shown)
    return response


@require_safe
@inside
def show_class(visit: Visit, class_id: int) -> HttpResponse:
    """One class and who is in it: for a student, who teaches it."""
    found = access_class(visit.district, visit.viewer, class_id, today=visit.today)
    members = access_members(visit.district, visit.viewer, class_id, today=visit.today)
    sees_roster = visit.viewer.may(Permission.VIEW_ROSTER)
    room = ("classes", "Classes") if sees_roster else ("my_classes", "My classes")
    may_edit = visit.may_change(Permission.EDIT_ROSTER)
    may_change = may_edit and found.removed_at is None
    rows = [
        member_row(visit, member, may_follow=sees_roster, class_id=class_id, may_change=may_change)
        for member in members
    ]
    context = {
        "found": found,
        "may_edit": may_edit,
        "may_change": may_change,
        "line": row_of(visit, class_lines(visit.district, [found])[0]),
        "crumbs": (Crumb(room[1], visit.url(room[0])), Crumb(found.title or found.sourced_id)),
        "teachers": [row for row in rows if row.member.role != STUDENT],
        "students": [row for row in rows if row.member.role == STUDENT],
        "sees_students": visit.viewer.role is not MembershipRole.STUDENT,
        "sees_roster": sees_roster,
        "history_url": visit.url("class_history", class_id) if sees_roster else "",
        "cards_url": visit.url("cards_class", class_id) if _may_print(visit) and found.removed_at is None else "",
        "why": {name: visit.url("class_field", class_id, name) for name in ASKED} if sees_roster else {},
    }
    return show(visit, "classes/class.html", context, room=room[0])


def _may_print(visit: Visit) -> bool:
    return visit.may_change(Permission.SET_CREDENTIALS) or visit.may_change(Permission.SET_OWN_CREDENTIALS)


@require_safe
@inside
def show_my_classes(visit: Visit) -> HttpResponse:
    """One's own classes."""
    lines = access_own_classes(visit.district, visit.viewer, today=visit.today)
    context = {
        "classes": [row_of(visit, line) for line in lines],
        "is_student": visit.viewer.role is MembershipRole.STUDENT,
        "tiles": [
            (tile.name, visit.url("launch", tile.program_id))
            for tile in list_tiles(visit.district, visit.viewer.person_id)
        ],
        "is_on_roster": visit.viewer.person_id is not None,
        "answered": list_answered(visit.district, visit.viewer.account_id or 0, since=timezone.now() - ANSWERS_STAY),
        "contact_url": visit.url("contact"),
    }
    return show(visit, "classes/my_classes.html", context, room="my_classes")
