"""Everything that can be wrong with a roster: code, severity, sentence and remedy, said once.

Severities (ARCHITECTURE 7): *fatal* stops the run, *error* leaves the record out together with what hangs on it,
*warning* repairs or drops the value, or only tells. ``strict`` is the severity when a package is judged as a
certification would.
"""

from dataclasses import dataclass
from enum import StrEnum

from firstbell.engine.catalogue_of_corrections import CORRECTING
from firstbell.engine.catalogue_of_formats import CONVERTING, READING, TEMPLATES
from firstbell.engine.catalogue_of_oddities import ODD


class Severity(StrEnum):
    """How much a finding costs."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """One thing that can be wrong. ``sentence`` may name ``{column}``, ``{value}`` and ``{detail}``."""

    code: str
    severity: Severity
    strict: Severity
    sentence: str
    remedy: str
    unreadable_id: bool = False

    def severity_in(self, *, strict: bool) -> Severity:
        """The severity for this way of judging."""
        return self.strict if strict else self.severity


def _fatal(code: str, sentence: str, remedy: str) -> Code:
    return Code(code, Severity.FATAL, Severity.FATAL, sentence, remedy)


def _error(code: str, sentence: str, remedy: str, *, unreadable_id: bool = False) -> Code:
    return Code(code, Severity.ERROR, Severity.ERROR, sentence, remedy, unreadable_id)


def _deviation(code: str, sentence: str, remedy: str) -> Code:
    """Harmless to us, an error for a certification."""
    return Code(code, Severity.WARNING, Severity.ERROR, sentence, remedy)


def _warning(code: str, sentence: str, remedy: str) -> Code:
    return Code(code, Severity.WARNING, Severity.WARNING, sentence, remedy)


_PACKAGE = (
    _fatal("package-unreadable", "The package cannot be opened: {detail}.", "Export it again and send the whole file."),
    _fatal(
        "package-empty",
        "The package holds no file, not even manifest.csv.",
        "Export the roster again; a OneRoster package holds manifest.csv and its data files.",
    ),
    _fatal(
        "package-unsafe",
        "The entry {value} is refused: {detail}.",
        "Make the package anew with plain file names at its top level.",
    ),
    _fatal(
        "package-too-large",
        "The package is larger than is allowed: {detail}.",
        "Send the roster without attachments, or ask the operator to raise the limit.",
    ),
    _fatal(
        "package-encrypted",
        "The entry {value} is encrypted.",
        "Send the package without a password; the connection is encrypted already.",
    ),
    _fatal(
        "no-roster-file",
        "No file of the package is a roster file that we know.",
        "Export OneRoster CSV 1.1 or 1.2, School Data Sync CSV or Clever's files from the student information system.",
    ),
    _fatal(
        "version-1.0",
        "This is OneRoster 1.0 ({detail}), which lacks what is needed to keep people apart safely.",
        "Choose OneRoster CSV 1.1 or 1.2 in the export of the student information system.",
    ),
    _fatal(
        "file-unreadable", "The file cannot be read: {detail}.", "Export the file again as comma-separated UTF-8 text."
    ),
    _fatal(
        "column-missing-required",
        "The column {column} is missing, and its values cannot be guessed.",
        "Add the column {column} to the export.",
    ),
    _fatal(
        "column-twice", "The column {column} stands in the header twice.", "Remove or rename one of the two columns."
    ),
    _deviation(
        "manifest-missing",
        "The package has no manifest.csv; files are read as lists that remove nobody.",
        "Add manifest.csv to the export.",
    ),
    _deviation(
        "manifest-header", "The header of manifest.csv is not propertyName,value.", "Write exactly those two columns."
    ),
    _deviation(
        "manifest-property-missing",
        "The manifest does not say anything about {column}; it was read as absent.",
        "Add a row for {column} to manifest.csv.",
    ),
    _deviation(
        "manifest-property-unknown",
        "The manifest names {column}, which this version does not have.",
        "Remove the row {column} from manifest.csv.",
    ),
    _deviation(
        "manifest-property-twice",
        "The manifest names {column} twice; the first value was used.",
        "Keep one row for {column}.",
    ),
    _deviation(
        "manifest-value",
        "The manifest says {value} for {column}, which is not one of {detail}.",
        "Write one of {detail}.",
    ),
    _error(
        "file-missing",
        "The manifest promises {column}, but the package does not hold it.",
        "Export the file too, or mark it absent in manifest.csv.",
    ),
    _error(
        "file-unexpected",
        "The manifest says that this file is absent, but the package holds it. It was read, and removes nobody.",
        "Mark the file bulk or delta in manifest.csv, or leave it out.",
    ),
    _deviation("file-unknown", "The file is not a part of the format and was ignored.", "Leave it out of the package."),
    _deviation(
        "file-in-folder",
        "The file lies in a folder of the package; it was read all the same.",
        "Put the files at the top level of the package.",
    ),
    _deviation(
        "file-found-by-header",
        "The file was recognised as {detail} by its header, not by its name.",
        "Name the file {detail}.",
    ),
    _deviation(
        "file-empty",
        "The file has a header and no records.",
        "Mark the file absent in manifest.csv when nothing is to be said.",
    ),
    _deviation("encoding", "The file is not UTF-8; it was read as {detail}.", "Export the file as UTF-8."),
    _warning(
        "byte-order-mark",
        "The file starts with a byte-order mark, which was skipped.",
        "Nothing has to be done; a plain UTF-8 export avoids it.",
    ),
    _deviation(
        "line-ends",
        "The lines end with a lone carriage return; they were read as lines.",
        "Export with LF or CRLF line ends.",
    ),
    _deviation("nul-character", "The file holds NUL characters, which were removed.", "Export the file as plain text."),
)

_HEADER_ROWS = (
    _deviation(
        "column-missing",
        "The column {column} is missing; it was read as blank.",
        "Add the column {column}, even if it stays empty.",
    ),
    _deviation(
        "column-unknown",
        "The column {column} is not a part of the format; it was kept as an extension.",
        "Name it as an extension (metadata.{column} in OneRoster, ext.{column} in Clever), or leave it out.",
    ),
    _warning(
        "column-password",
        "The column {column} seems to hold passwords; it was not read.",
        "Send first passwords in the column password of users.csv, and no others.",
    ),
    _deviation(
        "column-order",
        "The columns do not stand in the published order (first out of place: {column}).",
        "Export the columns in the published order.",
    ),
    _deviation("column-case", "The column is spelled {value}; it was read as {column}.", "Spell the column {column}."),
    _deviation(
        "column-blank", "A column without a name holds values; it was ignored.", "Name the column or remove it."
    ),
    _error(
        "row-ragged",
        "The record has {value} cells and the header has {detail}.",
        "Look for a comma or a quote too many or too few in this record.",
        unreadable_id=True,
    ),
    _error(
        "row-quote",
        "The quotes of the record do not match: {value}",
        "Put quotes around the whole cell and double those inside it.",
        unreadable_id=True,
    ),
    _deviation(
        "row-line-break",
        "A cell of the record holds a line break, which was read as a blank.",
        "Remove the line break from the cell.",
    ),
    _deviation("row-blank", "The file holds blank lines ({detail}), which were skipped.", "Remove the blank lines."),
)

_VALUES = (
    _error("id-missing", "The record has no {column}.", "Give every record its sourcedId.", unreadable_id=True),
    _error(
        "id-too-long", "The id is longer than 255 characters.", "Use ids of at most 255 characters.", unreadable_id=True
    ),
    _deviation(
        "id-characters",
        "The id {value} holds characters outside letters, digits and . - _ / @; it was taken as it is.",
        "Use only those characters in ids.",
    ),
    _error("value-missing", "{column} is blank, and the record cannot be used without it.", "Fill in {column}."),
    _deviation(
        "value-missing-tolerated", "{column} is blank although the format requires it; {detail}.", "Fill in {column}."
    ),
    _error("date-bad", "{value} in {column} cannot be read as a date{detail}.", "Write the date as YYYY-MM-DD."),
    _deviation("date-repaired", "{value} in {column} was read as {detail}.", "Write the date as YYYY-MM-DD."),
    _warning("date-implausible", "{value} in {column} is not in this or the last century.", "Check the year."),
    _error(
        "year-bad",
        "{value} in {column} is not a school year.",
        "Write the year in which the school year ends, as YYYY.",
    ),
    _deviation(
        "year-repaired",
        "{value} in {column} was read as {detail}.",
        "Write the year in which the school year ends, as YYYY.",
    ),
    _error("word-unknown", "{value} is not a value that {column} can have.", "Use one of: {detail}."),
    _deviation(
        "word-dropped", "{value} is not a value that {column} can have; it was left blank.", "Use one of: {detail}."
    ),
    _deviation("word-repaired", "{value} in {column} was read as {detail}.", "Write {detail}."),
    _deviation(
        "word-of-another-version",
        "{value} in {column} belongs to another version of OneRoster; it was kept.",
        "Use one of: {detail}.",
    ),
    _deviation(
        "grade-repaired",
        "The grade {value} was read as {detail}.",
        "Write grades as two-digit CEDS codes, such as {detail}.",
    ),
    _deviation(
        "grade-unknown",
        "The grade {value} is not a CEDS code; it was kept.",
        "Write grades as CEDS codes: KG, 01 to 12 ...",
    ),
    _deviation(
        "list-repaired",
        "The list {value} in {column} was read as {detail}.",
        "Join items by one comma, without blanks and without empty items.",
    ),
    _deviation(
        "spaces-trimmed", "{column} has blanks around its value, which were removed.", "Export the value without them."
    ),
    _deviation(
        "user-ids-malformed",
        "{value} in {column} is not a list of {{type:id}}; it was kept as it is.",
        "Write each as {{type:id}}.",
    ),
    _warning("email-malformed", "{value} is not an e-mail address; it was kept as it is.", "Correct the address."),
    _deviation(
        "status-in-bulk",
        "Records of this full list carry a status or dateLastModified ({detail}); it was read as a full list.",
        "Leave both columns blank in bulk files.",
    ),
    _deviation(
        "deleted-in-bulk",
        "The record is marked tobedeleted in a full list; it was read as gone.",
        "Leave the record out of a bulk file, or send a delta file.",
    ),
    _deviation(
        "status-missing",
        "Records of this delta have no status or no dateLastModified ({detail}); blank was read as active.",
        "Fill in status and dateLastModified in delta files.",
    ),
    _deviation(
        "moment-bad",
        "{value} in dateLastModified is not a moment in time; it was ignored.",
        "Write it as YYYY-MM-DDThh:mm:ss.sssZ.",
    ),
)

_RECORDS = (
    _error(
        "id-twice",
        "The sourcedId stands in {detail} different records, so none of them can be trusted.",
        "Keep the record that is right. If they are two, give each an id of its own.",
    ),
    _deviation(
        "id-twice-same",
        "The record stands in the file {detail} times, alike each time; it was read once.",
        "Export each record once.",
    ),
    _error(
        "reference-missing",
        "{column} points to {value}, which is not among the {detail}.",
        "Correct {column}, or add {value} to the {detail} of the export.",
    ),
    _deviation(
        "reference-dropped",
        "{column} points to {value}, which is not among the {detail}; the reference was left blank.",
        "Correct {column}, leave it blank, or add {value} to the {detail} of the export.",
    ),
    _error(
        "left-out-with",
        "{detail} left out because what {column} points to was left out.",
        "Correct the records that are named first; these then follow.",
    ),
    _deviation(
        "reference-type",
        "{column} points to {value}, which is of type {detail}.",
        "Point it to a record of the right type.",
    ),
    _warning(
        "id-written-otherwise",
        "No record refers to {value} as its id is written here; others write {detail}.",
        "Write the id the same way in all files: here, or where it is referred to.",
    ),
    _error(
        "cycle",
        "By {column} the record stands above itself, directly or in a circle.",
        "Name another {column} in one record of the circle, or leave it blank.",
    ),
    _error(
        "ends-before-it-begins", "It ends on {value}, before it begins on {detail}.", "Correct one of the two dates."
    ),
    _warning(
        "enrollment-ends-before-it-begins",
        "It ends on {value}, before it begins on {detail}: a person who never came, or a slip in one of the dates.",
        "Correct the date that is wrong. If the person never came, nothing has to be done.",
    ),
    _deviation(
        "primary-role-twice",
        "The person has {detail} primary roles in the organization {value}.",
        "Mark one of them primary and the others secondary.",
    ),
    _deviation(
        "person-without-role",
        "The person has no role in roles.csv, so nothing can be opened for them.",
        "Export a role for every person.",
    ),
    _deviation(
        "primary-org-without-role",
        "primaryOrgSourcedId is {value}, where the person has no role.",
        "Name an organization of one of the person's roles.",
    ),
    _deviation(
        "profile-of-another",
        "userProfileSourcedId is {value}, which belongs to another person.",
        "Name a profile of the same person.",
    ),
    _deviation(
        "subjects-differ-from-codes",
        "There are not as many subjects as subjectCodes.",
        "Give each subject its code, in the same order.",
    ),
    _warning(
        "enrollment-twice",
        "The person is enrolled in the class {value} in the same role more than once.",
        "Keep one enrollment.",
    ),
    _warning(
        "enrollment-school-differs",
        "The enrollment names the school {value}, and its class another.",
        "Name the school of the class.",
    ),
    _warning(
        "class-school-differs",
        "The class is in the school {value}, but {detail}.",
        "Check which school is right, and correct the class or its enrollments.",
    ),
    _warning("primary-not-a-teacher", "A {value} is marked as the primary teacher.", "Mark teachers only."),
    _warning(
        "primary-teacher-twice", "The class {value} has {detail} primary teachers.", "Mark one teacher as primary."
    ),
    _warning(
        "username-twice",
        "The username {value} belongs to {detail} people.",
        "Give each person a username of their own.",
    ),
    _deviation(
        "resource-org-differs",
        "orgSourcedId is {value}, which is not the school of the class.",
        "Name the school of the class.",
    ),
    _deviation(
        "resource-without-enrollment",
        "The person is not enrolled in the class {value} that the resource is for.",
        "Enrol the person or remove the row.",
    ),
)

_MATCHING = (
    _warning(
        "removals-stopped",
        "Nothing of this kind was removed, because records have no readable id ({detail}).",
        "Correct those records; removals follow with the next file.",
    ),
    _warning(
        "key-claimed-twice",
        "{column} {value} is claimed by {detail} records, so it was not used to recognise anyone.",
        "Give each person a key of their own.",
    ),
    _warning(
        "key-not-corroborated",
        "{column} {value} belongs to somebody with another name and birth date, so the two were kept apart.",
        "Check whether the key was given to a new person.",
    ),
    _error(
        "id-recycled",
        "The id was used for {detail} until now and seems to carry another person.",
        "Confirm the new person in the run, or restore the old id in the student information system.",
    ),
    _error(
        "class-id-recycled",
        "The id was used for {detail} until now and seems to carry another class.",
        "Confirm the new class in the run, or give the class an id of its own.",
    ),
    _warning(
        "contributor-unmatched",
        "Nobody on the roster has the keys of this record, and this source may not add people.",
        "Check the key, or add the person to the student information system.",
    ),
)

_LENIENCY = (
    _deviation(
        "separator",
        "The cells of the file are separated by {detail} instead of a comma; they were read so.",
        "Export the file with commas.",
    ),
    _deviation(
        "line-before-header",
        "The file has blank lines or a line such as sep=, before its header, which were skipped.",
        "Begin the file with its header.",
    ),
    _deviation(
        "cells-blank",
        "The file has blank cells beyond its last column ({detail}), which were skipped.",
        "Export no blank cells after the last column.",
    ),
    _deviation(
        "date-dropped",
        "{value} in {column} cannot be read as a date{detail}; it was left blank.",
        "Write the date as YYYY-MM-DD.",
    ),
    _deviation(
        "sheet-read",
        "The file is the sheet {value} of the workbook {detail}; its cells were read as text.",
        "Export CSV: a spreadsheet changes ids and dates without a word.",
    ),
    _deviation(
        "sheet-cells-lost",
        "Cells of the sheet hold an error such as #N/A, or a formula without its result ({detail}); read as blank.",
        "Correct these cells, or open and save the workbook in a spreadsheet program.",
    ),
    _deviation(
        "zeros-lost",
        "Some numbers in {column} are shorter than the others ({detail}): a spreadsheet drops zeros at the front."
        " They were taken as they are.",
        "Compare {column} with the student information system, and export CSV from there.",
    ),
)

_KINDS = {"fatal": _fatal, "error": _error, "deviation": _deviation, "warning": _warning}
_OTHERS = tuple(
    _KINDS[kind](code, sentence, remedy)
    for kind, code, sentence, remedy in (*READING, *TEMPLATES, *CONVERTING, *CORRECTING, *ODD)
)

CATALOGUE: dict[str, Code] = {
    entry.code: entry
    for entry in (
        *_PACKAGE,
        *_LENIENCY,
        *_HEADER_ROWS,
        *_VALUES,
        *_RECORDS,
        *_MATCHING,
        *_OTHERS,
    )
}
