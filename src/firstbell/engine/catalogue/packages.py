"""What can be wrong with a package and its files as a whole: whether they open, and what the manifest says."""

from firstbell.engine.catalogue.said import Said

PACKAGE: tuple[Said, ...] = (
    (
        "fatal",
        "package-unreadable",
        "The package cannot be opened: {detail}.",
        "Export it again and send the whole file.",
    ),
    (
        "fatal",
        "package-empty",
        "The package holds no file, not even manifest.csv.",
        "Export the roster again; a OneRoster package holds manifest.csv and its data files.",
    ),
    (
        "fatal",
        "package-unsafe",
        "The entry {value} is refused: {detail}.",
        "Make the package anew with plain file names at its top level.",
    ),
    (
        "fatal",
        "package-too-large",
        "The package is larger than is allowed: {detail}.",
        "Send the roster without attachments, or ask the operator to raise the limit.",
    ),
    (
        "fatal",
        "package-encrypted",
        "The entry {value} is encrypted.",
        "Send the package without a password; the connection is encrypted already.",
    ),
    (
        "fatal",
        "no-roster-file",
        "No file of the package is a roster file that we know.",
        "Export OneRoster CSV 1.1 or 1.2, School Data Sync CSV or Clever's files from the student information system.",
    ),
    (
        "fatal",
        "version-1.0",
        "This is OneRoster 1.0 ({detail}), which lacks what is needed to keep people apart safely.",
        "Choose OneRoster CSV 1.1 or 1.2 in the export of the student information system.",
    ),
    (
        "fatal",
        "file-unreadable",
        "The file cannot be read: {detail}.",
        "Export the file again as comma-separated UTF-8 text.",
    ),
    (
        "fatal",
        "column-missing-required",
        "The column {column} is missing, and its values cannot be guessed.",
        "Add the column {column} to the export.",
    ),
    (
        "fatal",
        "column-twice",
        "The column {column} stands in the header twice.",
        "Remove or rename one of the two columns.",
    ),
    (
        "deviation",
        "manifest-missing",
        "The package has no manifest.csv; files are read as lists that remove nobody.",
        "Add manifest.csv to the export.",
    ),
    (
        "deviation",
        "manifest-header",
        "The header of manifest.csv is not propertyName,value.",
        "Write exactly those two columns.",
    ),
    (
        "deviation",
        "manifest-property-missing",
        "The manifest does not say anything about {column}; it was read as absent.",
        "Add a row for {column} to manifest.csv.",
    ),
    (
        "deviation",
        "manifest-property-unknown",
        "The manifest names {column}, which this version does not have.",
        "Remove the row {column} from manifest.csv.",
    ),
    (
        "deviation",
        "manifest-property-twice",
        "The manifest names {column} twice; the first value was used.",
        "Keep one row for {column}.",
    ),
    (
        "deviation",
        "manifest-value",
        "The manifest says {value} for {column}, which is not one of {detail}.",
        "Write one of {detail}.",
    ),
    (
        "error",
        "file-missing",
        "The manifest promises {column}, but the package does not hold it.",
        "Export the file too, or mark it absent in manifest.csv.",
    ),
    (
        "error",
        "file-unexpected",
        "The manifest says that this file is absent, but the package holds it. It was read, and removes nobody.",
        "Mark the file bulk or delta in manifest.csv, or leave it out.",
    ),
    (
        "deviation",
        "file-unknown",
        "The file is not a part of the format and was ignored.",
        "Leave it out of the package.",
    ),
    (
        "deviation",
        "file-in-folder",
        "The file lies in a folder of the package; it was read all the same.",
        "Put the files at the top level of the package.",
    ),
    (
        "deviation",
        "file-found-by-header",
        "The file was recognised as {detail} by its header, not by its name.",
        "Name the file {detail}.",
    ),
    (
        "deviation",
        "file-empty",
        "The file has a header and no records.",
        "Mark the file absent in manifest.csv when nothing is to be said.",
    ),
    ("deviation", "encoding", "The file is not UTF-8; it was read as {detail}.", "Export the file as UTF-8."),
    (
        "warning",
        "byte-order-mark",
        "The file starts with a byte-order mark, which was skipped.",
        "Nothing has to be done; a plain UTF-8 export avoids it.",
    ),
    (
        "deviation",
        "line-ends",
        "The lines end with a lone carriage return; they were read as lines.",
        "Export with LF or CRLF line ends.",
    ),
    (
        "deviation",
        "nul-character",
        "The file holds NUL characters, which were removed.",
        "Export the file as plain text.",
    ),
)
