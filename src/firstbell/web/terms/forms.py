"""The form of a term."""

from firstbell.engine.tables import ACADEMIC_SESSIONS
from firstbell.web.editing.forms import RowForm


class TermForm(RowForm):
    """A school year, semester, term or grading period."""

    table = ACADEMIC_SESSIONS
    columns = ("title", "type", "startDate", "endDate")
    more = ("parentSourcedId", "schoolYear")
