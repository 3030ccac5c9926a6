"""Looking for people."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.roster.editing.many import MOST
from firstbell.domain.roster.queries import people
from firstbell.web.frame import show, show_part
from firstbell.web.listing import address, links_of, place_of
from firstbell.web.people.listing import (
    COLUMNS,
    filter_of,
    parameters_of,
    row_of,
    wanted_in,
)
from firstbell.web.visit import Visit, inside
from firstbell.web.words import MOST_COUNTED, count_up_to


@require_safe
@inside
def show_people(visit: Visit) -> HttpResponse:
    """The list of people, or the part of it that changed."""
    wanted = wanted_in(visit)
    piece = people.list_people(visit.district, visit.scope, wanted, place_of(visit.request))
    total = people.count_people(visit.district, visit.scope, wanted, most=MOST_COUNTED)
    path, parameters, columns = visit.url("people"), parameters_of(wanted), COLUMNS.shown(visit.request)
    how = COLUMNS.as_asked(wanted.sort, columns)
    shown = {**parameters, **how}
    may_print = visit.may_change(Permission.SET_CREDENTIALS)
    context = {
        "people": [row_of(visit, line, columns) for line in piece.rows],
        "wanted": wanted,
        "is_filtered": any(parameters.values()),
        "total": count_up_to(total, "person", "people"),
        "count": total,
        "links": links_of(path, shown, piece),
        "heads": COLUMNS.heads(path, shown, wanted.sort, columns),
        "columns": COLUMNS.choices(columns),
        "how_shown": [(name, value) for name, value in how.items() if value],
        "export_url": address(visit.url("people_export"), shown) if visit.may_change(Permission.VIEW_ROSTER) else "",
        "path": path,
        "chosen_by": [(name, value) for name, value in parameters.items() if value],
        "most_at_once": MOST,
        "may_edit": (may_edit := visit.may_change(Permission.EDIT_ROSTER)),
        "may_choose": (may_edit or may_print) and not wanted.removed,
        "cards_url": visit.url("cards_people") if may_print else "",
        "badges_url": visit.url("badges") if may_print else "",
        "runs_here": total == 0 and not any(parameters.values()),
    }
    if not visit.is_partial:
        return show(visit, "people/people.html", {**context, "form": filter_of(visit, wanted)}, room="people")
    if visit.request.headers.get("HX-Trigger") != "id_q":
        form = filter_of(visit, wanted)
        form.follow()
        context["form"] = form
    response = show_part(visit, "people/found.html", context)
    response["HX-Replace-Url"] = address(path, shown)
    return response
