"""What can be wrong with a file's header and lines, and with how its text is written."""

from firstbell.engine.catalogue.said import Said

LINES: tuple[Said, ...] = (
    (
        "deviation",
        "column-missing",
        "The column {column} is missing; it was read as blank.",
        "Add the column {column}, even if it stays empty.",
    ),
    (
        "deviation",
        "column-unknown",
        "The column {column} is not a part of the format; it was kept as an extension.",
        "Name it as an extension (metadata.{column} in OneRoster, ext.{column} in Clever), or leave it out.",
    ),
    (
        "warning",
        "column-password",
        "The column {column} seems to hold passwords; it was not read.",
        "Send first passwords in the column password of users.csv, and no others.",
    ),
    (
        "deviation",
        "column-order",
        "The columns do not stand in the published order (first out of place: {column}).",
        "Export the columns in the published order.",
    ),
    (
        "deviation",
        "column-case",
        "The column is spelled {value}; it was read as {column}.",
        "Spell the column {column}.",
    ),
    (
        "deviation",
        "column-blank",
        "A column without a name holds values; it was ignored.",
        "Name the column or remove it.",
    ),
    (
        "error",
        "row-ragged",
        "The record has {value} cells and the header has {detail}.",
        "Look for a comma or a quote too many or too few in this record.",
    ),
    (
        "error",
        "row-quote",
        "The quotes of the record do not match: {value}",
        "Put quotes around the whole cell and double those inside it.",
    ),
    (
        "deviation",
        "row-line-break",
        "A cell of the record holds a line break, which was read as a blank.",
        "Remove the line break from the cell.",
    ),
    ("deviation", "row-blank", "The file holds blank lines ({detail}), which were skipped.", "Remove the blank lines."),
)

LENIENCY: tuple[Said, ...] = (
    (
        "deviation",
        "separator",
        "The cells of the file are separated by {detail} instead of a comma; they were read so.",
        "Export the file with commas.",
    ),
    (
        "deviation",
        "line-before-header",
        "The file has blank lines or a line such as sep=, before its header, which were skipped.",
        "Begin the file with its header.",
    ),
    (
        "deviation",
        "cells-blank",
        "The file has blank cells beyond its last column ({detail}), which were skipped.",
        "Export no blank cells after the last column.",
    ),
    (
        "deviation",
        "date-dropped",
        "{value} in {column} cannot be read as a date{detail}; it was left blank.",
        "Write the date as YYYY-MM-DD.",
    ),
    (
        "deviation",
        "sheet-read",
        "The file is the sheet {value} of the workbook {detail}; its cells were read as text.",
        "Export CSV: a spreadsheet changes ids and dates without a word.",
    ),
    (
        "deviation",
        "sheet-cells-lost",
        "Cells of the sheet hold an error such as #N/A, or a formula without its result ({detail}); read as blank.",
        "Correct these cells, or open and save the workbook in a spreadsheet program.",
    ),
    (
        "deviation",
        "zeros-lost",
        (
            "Some numbers in {column} are shorter than the others ({detail}): a spreadsheet drops zeros at the front."
            " They were taken as they are."
        ),
        "Compare {column} with the student information system, and export CSV from there.",
    ),
)
