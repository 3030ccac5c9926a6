"""The list of people as a CSV file."""

from django.http import FileResponse
from django.views.decorators.http import require_safe

from firstbell.domain.roster.queries import people
from firstbell.web.exporting import AT_ONCE, all_rows, export
from firstbell.web.people.listing import COLUMNS, row_of, wanted_in
from firstbell.web.visit import Visit, inside


@require_safe
@inside
def export_people(visit: Visit) -> FileResponse:
    """Everyone who is wanted, however many."""
    wanted, columns = wanted_in(visit), COLUMNS.shown(visit.request)
    lines = all_rows(lambda place: people.list_people(visit.district, visit.scope, wanted, place, limit=AT_ONCE))
    rows = (
        [line.family_name, line.given_name, *(text for _, _, text in row_of(visit, line, columns).cells)]
        for line in lines
    )
    heads = ["Family name", "Given name", *(COLUMNS.labels[name] for name in columns)]
    return export(visit, "people", heads, rows, columns)
