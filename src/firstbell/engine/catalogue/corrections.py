"""What the corrections of a source did (``engine.corrections``): always told, never in silence."""

from firstbell.engine.catalogue.said import Said

CORRECTING: tuple[Said, ...] = (
    (
        "deviation",
        "corrected-file",
        "The file {value} was read as {detail}, by a correction of this source.",
        "Nothing has to be done; a file named {detail} needs no correction.",
    ),
    (
        "deviation",
        "corrected-column",
        "The column {column} was read as {detail}, by a correction of this source.",
        "Nothing has to be done; a column named {detail} needs no correction.",
    ),
    (
        "deviation",
        "corrected-names",
        "The names in {column} were split into {detail}, by a correction of this source ({value}).",
        "Nothing has to be done; an export with both columns needs no correction.",
    ),
    (
        "deviation",
        "corrected-values",
        "Values in {column} were replaced, by a correction of this source: {detail}.",
        "Nothing has to be done; an export in the format's words needs no correction.",
    ),
    (
        "deviation",
        "corrected-dates",
        "Dates in {column} were read as {detail}, by a correction of this source ({value}).",
        "Nothing has to be done; dates written as YYYY-MM-DD need no correction.",
    ),
    (
        "deviation",
        "corrected-zeros",
        "Numbers in {column} were padded to {detail} digits, by a correction of this source ({value}).",
        "Nothing has to be done; an export that keeps leading zeros needs no correction.",
    ),
    (
        "deviation",
        "corrected-blanks",
        "{column} was blank and was read as {detail}, by a correction of this source ({value}).",
        "Nothing has to be done; an export that says it needs no correction.",
    ),
    (
        "deviation",
        "corrected-text",
        "{column} was made as {detail}, by a correction of this source ({value}).",
        "Nothing has to be done; an export that says it needs no correction.",
    ),
    (
        "warning",
        "correction-idle",
        "A correction of this source was not applied: {detail}.",
        "Look whether the export changed, and change or remove the correction.",
    ),
    (
        "warning",
        "name-unsplit",
        "{value} in {column} could not be split into two names; it was read as the last name.",
        "Write the name as the others are written, or export two columns.",
    ),
)
