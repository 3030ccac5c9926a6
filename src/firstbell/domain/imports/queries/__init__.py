"""Reading runs: their list, what each found, what each changed, and which runs touched a row."""

from firstbell.domain.imports.queries.acknowledged import Place, in_words, list_acknowledgements, list_known
from firstbell.domain.imports.queries.at_schools import has_found_at
from firstbell.domain.imports.queries.changes import ChangePage, FieldChanged, RowChanged, page_changes
from firstbell.domain.imports.queries.edits import EditEntry, describe_edits, edits_of_act, events_of
from firstbell.domain.imports.queries.found import (
    FindingPage,
    FindingRow,
    Hidden,
    KnownCause,
    Summary,
    count_known,
    findings_as_text,
    page_findings,
    summarize_findings,
)
from firstbell.domain.imports.queries.history import (
    Deed,
    History,
    HistoryEntry,
    Subject,
    find_last_word,
    list_history,
)
from firstbell.domain.imports.queries.kept import find_last_kept, has_kept_input, open_kept_input
from firstbell.domain.imports.queries.runs import (
    count_waiting,
    find_last_applied_run,
    find_run,
    last_applied_by_source,
    list_runs,
)
from firstbell.domain.imports.queries.standing import Standing, list_standing
from firstbell.domain.imports.queries.usual import Nights, Usual, compare_with_usual
from firstbell.domain.imports.queries.workbook import open_workbook

__all__ = [
    "ChangePage",
    "Deed",
    "EditEntry",
    "FieldChanged",
    "FindingPage",
    "FindingRow",
    "Hidden",
    "History",
    "HistoryEntry",
    "KnownCause",
    "Nights",
    "Place",
    "RowChanged",
    "Standing",
    "Subject",
    "Summary",
    "Usual",
    "compare_with_usual",
    "count_known",
    "count_waiting",
    "describe_edits",
    "edits_of_act",
    "events_of",
    "find_last_applied_run",
    "find_last_kept",
    "find_last_word",
    "find_run",
    "findings_as_text",
    "has_found_at",
    "has_kept_input",
    "in_words",
    "last_applied_by_source",
    "list_acknowledgements",
    "list_history",
    "list_known",
    "list_runs",
    "list_standing",
    "open_kept_input",
    "open_workbook",
    "page_changes",
    "page_findings",
    "summarize_findings",
]
