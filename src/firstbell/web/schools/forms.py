"""The form of a school."""

from firstbell.engine.tables import ORGS
from firstbell.web.editing.forms import RowForm


class SchoolForm(RowForm):
    """A school or another organization."""

    table = ORGS
    columns = ("name", "type", "identifier")
    more = ("parentSourcedId",)
