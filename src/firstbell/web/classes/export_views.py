"""The list of classes as a CSV file."""

from django.http import FileResponse
from django.views.decorators.http import require_safe

from firstbell.domain.roster.queries import classes
from firstbell.web.classes.listing import COLUMNS, row_of, wanted_in
from firstbell.web.exporting import AT_ONCE, all_rows, export
from firstbell.web.visit import Visit, inside


@require_safe
@inside
def export_classes(visit: Visit) -> FileResponse:
    """All that are wanted, however many."""
    wanted, columns = wanted_in(visit), COLUMNS.shown(visit.request)
    lines = all_rows(lambda place: classes.list_classes(visit.district, visit.scope, wanted, place, limit=AT_ONCE))
    rows = ([line.title, *(text for _, _, text in row_of(visit, line, columns).cells)] for line in lines)
    heads = [COLUMNS.first, *(COLUMNS.labels[name] for name in columns)]
    return export(visit, "classes", heads, rows, columns)
