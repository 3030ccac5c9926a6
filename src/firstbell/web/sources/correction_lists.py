"""What the page about corrections shows of a preview, and what it offers: proposals, names of files and columns."""

import json
from dataclasses import dataclass

from firstbell.engine.corrections.kinds import Corrections
from firstbell.engine.corrections.parsing import as_settings
from firstbell.engine.corrections.previewing import Cell, Preview, ShownColumn, ShownFile
from firstbell.engine.formats.oneroster.layouts import LAYOUTS
from firstbell.web.components.shapes import FindingNote
from firstbell.web.components.tones import SEVERITIES

_MOST = 12
"""Proposals at once; the next come when these are dealt with."""
_MOST_CELLS = 16
"""Cells of one file that are shown before and after."""
_MOST_CAUSES = 8


@dataclass(frozen=True, slots=True)
class FileShown:
    """Some cells of a file before and after: the record's number, the column, the cell."""

    name: str
    own: str
    cells: list[tuple[int, ShownColumn, Cell]]


def files_of(preview: Preview | None) -> list[FileShown]:
    """The files that the corrections touch: cells that change; of a file with new names only, its first record."""
    shown = [FileShown(file.name, file.own, _cells(file)[:_MOST_CELLS]) for file in preview.files] if preview else []
    return [file for file in shown if file.cells]


def _cells(file: ShownFile) -> list[tuple[int, ShownColumn, Cell]]:
    cells = [
        (record.number, column, cell)
        for record in file.records
        for column, cell in zip(file.columns, record.cells, strict=True)
    ]
    changed = [entry for entry in cells if entry[2].differs]
    return changed or cells[: len(file.columns)]


def severities_of(preview: Preview | None) -> list[tuple[str, int, int]]:
    """Findings of each severity before and after, in words; none where they were not counted."""
    if preview is None or preview.before is None or preview.after is None:
        return []
    return [(SEVERITIES[name][0], preview.before[name], after) for name, after in preview.after.items()]


def causes_of(preview: Preview | None) -> list[FindingNote]:
    """What would still be found, by cause."""
    return [
        FindingNote(
            cause.code,
            cause.severity.value,
            cause.message,
            cause.remedy,
            file=cause.file or "",
            record=cause.records[0] if cause.records and cause.count == 1 else None,
            column=cause.column or "",
            count=cause.count,
        )
        for cause in (preview.causes[:_MOST_CAUSES] if preview else ())
    ]


def proposals_of(preview: Preview | None, draft: Corrections) -> list[tuple[str, str, str]]:
    """Proposals that are not declared yet: in words, why, and as the page sends them back."""
    if preview is None:
        return []
    fresh = [proposal for proposal in preview.proposals if proposal.correction not in draft.declared]
    return [
        (str(proposal.correction), proposal.why, json.dumps(as_settings(Corrections((proposal.correction,)))[0]))
        for proposal in fresh[:_MOST]
    ]


def known_files(preview: Preview | None) -> list[str]:
    """Files that came, by both names, then those of the format."""
    came = [name for file in preview.files for name in (file.own, file.name)] if preview else []
    roster = [f"{layout.file}.csv" for layout in LAYOUTS["1.2"].values() if layout.roster]
    return list(dict.fromkeys((*came, *roster)))


def known_columns(preview: Preview | None) -> list[str]:
    """Columns that came, then those of the format."""
    came = [column for file in preview.files for column in file.header if column] if preview else []
    of_format = [
        column
        for layouts in LAYOUTS.values()
        for layout in layouts.values()
        if layout.roster
        for column in layout.columns
    ]
    return list(dict.fromkeys((*came, *of_format)))
