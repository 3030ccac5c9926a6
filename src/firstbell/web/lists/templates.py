"""Generating a template: its kind, its columns, Excel or CSV."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.lists import ensure_may_bring_lists
from firstbell.domain.roster.exporting import CSV, WORKBOOK, columns_to_choose, make_template
from firstbell.web.components.shapes import Crumb, Tab
from firstbell.web.frame import show
from firstbell.web.listing import address
from firstbell.web.visit import Visit, inside

KINDS = {
    "students": "Students",
    "staff": "Teachers and staff",
    "classes": "Classes",
    "all": "All in one workbook",
}
TYPES = {
    WORKBOOK: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
    ".zip": "application/zip",
}


@require_safe
@inside
def choose_template(visit: Visit) -> HttpResponse:
    """Choose what a template has."""
    ensure_may_bring_lists(visit.viewer)
    kind = _kind(visit)
    path = visit.url("list_template")
    context = {
        "crumbs": [Crumb("Lists", visit.url("lists")), Crumb("Template")],
        "kind": kind,
        "kinds": [Tab(label, address(path, {"kind": name}), current=name == kind) for name, label in KINDS.items()],
        "sheets": columns_to_choose(kind, sees_demographics=visit.viewer.may(Permission.VIEW_DEMOGRAPHICS)),
        "file_url": visit.url("list_template_file"),
    }
    return show(visit, "lists/template.html", context, room="lists")


@require_safe
@inside
def download_template(visit: Visit) -> HttpResponse:
    """The file."""
    ensure_may_bring_lists(visit.viewer)
    asked, kind = visit.request.GET, _kind(visit)
    sees = visit.viewer.may(Permission.VIEW_DEMOGRAPHICS)
    columns = {sheet: asked.getlist(sheet) for sheet in columns_to_choose(kind, sees_demographics=sees)}
    made = make_template(
        visit.district,
        kind,
        columns=columns,
        ending=asked.get("ending", WORKBOOK),
        filled="filled" in asked,
        sees_demographics=sees,
        scope=visit.scope,
    )
    told = "roster" if "filled" in asked else "template"
    name = f"{visit.district.code}-{kind}-{told}{made.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(made.content, content_type=TYPES[made.ending], headers=headers)


def _kind(visit: Visit) -> str:
    kind = visit.request.GET.get("kind", "students")
    if kind not in KINDS:
        raise Http404
    return kind
