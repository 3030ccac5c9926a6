"""What can be wrong with one cell."""

from firstbell.engine.catalogue.said import Said

VALUES: tuple[Said, ...] = (
    ("error", "id-missing", "The record has no {column}.", "Give every record its sourcedId."),
    ("error", "id-too-long", "The id is longer than 255 characters.", "Use ids of at most 255 characters."),
    (
        "deviation",
        "id-characters",
        "The id {value} holds characters outside letters, digits and . - _ / @; it was taken as it is.",
        "Use only those characters in ids.",
    ),
    ("error", "value-missing", "{column} is blank, and the record cannot be used without it.", "Fill in {column}."),
    (
        "deviation",
        "value-missing-tolerated",
        "{column} is blank although the format requires it; {detail}.",
        "Fill in {column}.",
    ),
    ("error", "date-bad", "{value} in {column} cannot be read as a date{detail}.", "Write the date as YYYY-MM-DD."),
    ("deviation", "date-repaired", "{value} in {column} was read as {detail}.", "Write the date as YYYY-MM-DD."),
    ("warning", "date-implausible", "{value} in {column} is not in this or the last century.", "Check the year."),
    (
        "error",
        "year-bad",
        "{value} in {column} is not a school year.",
        "Write the year in which the school year ends, as YYYY.",
    ),
    (
        "deviation",
        "year-repaired",
        "{value} in {column} was read as {detail}.",
        "Write the year in which the school year ends, as YYYY.",
    ),
    ("error", "word-unknown", "{value} is not a value that {column} can have.", "Use one of: {detail}."),
    (
        "deviation",
        "word-dropped",
        "{value} is not a value that {column} can have; it was left blank.",
        "Use one of: {detail}.",
    ),
    ("deviation", "word-repaired", "{value} in {column} was read as {detail}.", "Write {detail}."),
    (
        "deviation",
        "word-of-another-version",
        "{value} in {column} belongs to another version of OneRoster; it was kept.",
        "Use one of: {detail}.",
    ),
    (
        "deviation",
        "grade-repaired",
        "The grade {value} was read as {detail}.",
        "Write grades as two-digit CEDS codes, such as {detail}.",
    ),
    (
        "deviation",
        "grade-unknown",
        "The grade {value} is not a CEDS code; it was kept.",
        "Write grades as CEDS codes: KG, 01 to 12 ...",
    ),
    (
        "deviation",
        "list-repaired",
        "The list {value} in {column} was read as {detail}.",
        "Join items by one comma, without blanks and without empty items.",
    ),
    (
        "deviation",
        "spaces-trimmed",
        "{column} has blanks around its value, which were removed.",
        "Export the value without them.",
    ),
    (
        "deviation",
        "user-ids-malformed",
        "{value} in {column} is not a list of {{type:id}}; it was kept as it is.",
        "Write each as {{type:id}}.",
    ),
    ("warning", "email-malformed", "{value} is not an e-mail address; it was kept as it is.", "Correct the address."),
    (
        "deviation",
        "status-in-bulk",
        "Records of this full list carry a status or dateLastModified ({detail}); it was read as a full list.",
        "Leave both columns blank in bulk files.",
    ),
    (
        "deviation",
        "deleted-in-bulk",
        "The record is marked tobedeleted in a full list; it was read as gone.",
        "Leave the record out of a bulk file, or send a delta file.",
    ),
    (
        "deviation",
        "status-missing",
        "Records of this delta have no status or no dateLastModified ({detail}); blank was read as active.",
        "Fill in status and dateLastModified in delta files.",
    ),
    (
        "deviation",
        "moment-bad",
        "{value} in dateLastModified is not a moment in time; it was ignored.",
        "Write it as YYYY-MM-DDThh:mm:ss.sssZ.",
    ),
)
