"""What can be said of packages in the other formats, and of packages written from a roster."""

from firstbell.engine.catalogue.said import Said

READING: tuple[Said, ...] = (
    (
        "fatal",
        "file-required",
        "The package does not hold {column}, without which nobody on it can be placed.",
        "Send {column} too.",
    ),
    (
        "deviation",
        "file-absent",
        "The package does not hold {column}; nobody and nothing that it would list is removed.",
        "Send all files of the format each time.",
    ),
    (
        "warning",
        "id-shared",
        "The id {value} belongs to more than one kind of people; this one was read as {detail}.",
        "Nothing has to be done; ids that students, staff and contacts do not share are easier to follow.",
    ),
    (
        "warning",
        "rows-differ",
        "The records of {value} say different things in {column}; {detail} was used.",
        "Say the same in each record of one person or class.",
    ),
    (
        "warning",
        "class-without-term",
        "Classes without a term ({detail}) were put into one session that has no end.",
        "Give each class its term with its first and last day.",
    ),
    (
        "deviation",
        "year-in-two-digits",
        "{value} in {column} was read as {detail}.",
        "Write the year with four digits.",
    ),
    (
        "warning",
        "contact-left-out",
        "The contact {value} has no first and last name; it was left out.",
        "Give the contact a first and a last name.",
    ),
)

TEMPLATES: tuple[Said, ...] = (
    (
        "warning",
        "column-unused",
        "The column {column} is not one of the template's; it was not read.",
        "Give it the name of the template's column that it stands for, or leave it out.",
    ),
    (
        "warning",
        "example-skipped",
        "The row is an example of the template; it was skipped.",
        "Delete the examples before you send the file.",
    ),
    (
        "error",
        "name-without-number",
        "{value} stands in the list more than once, without a number to tell them apart.",
        "Give each of them a number, a username or an e-mail address; delete the row if it is one person.",
    ),
    (
        "error",
        "name-ambiguous",
        "{value} in {column} can mean more than one thing{detail}.",
        "Give the number instead, or say which school it is in.",
    ),
    (
        "error",
        "firstbell-id-unknown",
        "The Firstbell ID {value} is not on the roster{detail}.",
        "Leave the column as the export wrote it, and blank for new rows.",
    ),
    (
        "error",
        "number-of-another",
        "{value} in {column} is on the roster already, and belongs to {detail}.",
        "Correct the number or the name. A number is never given to a second person.",
    ),
    (
        "fatal",
        "not-a-list",
        "These files are no list on one of Firstbell's templates.",
        "Generate a template and fill it in. Other files are brought by the district, for all schools at once.",
    ),
    (
        "error",
        "not-your-school",
        "This is about somebody or something of a school that is not yours.",
        "Leave the row out, or ask your district to bring it. Who moves here is moved by the district.",
    ),
    (
        "error",
        "kept-by-district",
        "The list says something new of a school or a term, and these are kept by the district.",
        "Write it as the roster has it, or ask your district to change it first.",
    ),
)

CONVERTING: tuple[Said, ...] = (
    (
        "warning",
        "convert-table",
        "The format has no file for {column}; they were left out (records: {value}).",
        "Keep the package that this was made of.",
    ),
    (
        "warning",
        "convert-records",
        "The format cannot carry some {column}; they were left out (records: {value}).",
        "Keep the package that this was made of.",
    ),
    (
        "warning",
        "convert-column",
        "The format has no place for {column}; it was left out (values: {value}).",
        "Keep the package that this was made of.",
    ),
    (
        "warning",
        "convert-words",
        "{column} is said in other words: {detail} (values: {value}).",
        "Keep the package that this was made of, if the difference matters.",
    ),
    (
        "warning",
        "convert-required",
        "The format requires {column}, which some records do not have (records: {value}).",
        "Fill in {column} before converting.",
    ),
    (
        "warning",
        "convert-made-anew",
        "The format has no {column} of their own; who reads it makes them anew, under other ids (records: {value}).",
        "Do not switch a source between the two packages without looking at the run.",
    ),
    (
        "warning",
        "convert-renumbered",
        "The format has no ids for {column}; who reads it gives them other ids (records: {value}).",
        "Nothing has to be done; they are recognised by what they join.",
    ),
    (
        "warning",
        "convert-password",
        "Passwords are not written: {column} was left out (values: {value}).",
        "Give out first passwords in another way.",
    ),
    (
        "warning",
        "convert-partial",
        "{column} came without a promise that it is a full list, and is written as one (records: {value}).",
        "Make sure that nobody is missing before the package is used.",
    ),
    (
        "warning",
        "convert-left-out",
        "Some {column} have errors and were left out (records: {value}).",
        "Run firstbell check on the package, and correct what it names.",
    ),
)
