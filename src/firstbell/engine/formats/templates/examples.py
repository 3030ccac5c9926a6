"""What a new template shows: which columns are chosen at first, two examples a sheet, and the words at the top."""

from firstbell.engine.formats.templates.layouts import CLASSES, EXAMPLE, FIRSTBELL_ID, SCHOOLS, STAFF, STUDENTS

CHOSEN: dict[str, tuple[str, ...]] = {
    SCHOOLS.file: ("School name", "School number"),
    CLASSES.file: ("Class name", "Class number", "School name", "Grade", "Term", "Teachers"),
    STAFF.file: ("First name", "Last name", "Staff number", "Role", "Email", "Schools", "Classes"),
    STUDENTS.file: (
        *("First name", "Last name", "Student number", "Grade", "Username", "Password"),
        *("Schools", "Classes"),
    ),
}
"""Columns of a template of which nobody chose others. Required ones always come."""

EXAMPLES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    SCHOOLS.file: (
        {"School name": "Lincoln Elementary", "School number": "0101", "Type": "School"},
        {"School name": "Roosevelt Middle School", "School number": "0102", "Type": "School"},
    ),
    CLASSES.file: (
        {
            "Class name": "Homeroom 3A",
            "Class number": "3A-01",
            "School name": "Lincoln Elementary",
            "Grade": "3",
            "Teachers": "t.tran@example.org",
        },
        {
            "Class name": "Art",
            "Class number": "ART-2",
            "School name": "Lincoln Elementary",
            "Grade": "3; 4",
            "Teachers": "t.tran@example.org; p.okafor@example.org",
        },
    ),
    STAFF.file: (
        {
            "First name": "Thuy",
            "Last name": "Tran",
            "Staff number": "00417",
            "Role": "Teacher",
            "Email": "t.tran@example.org",
            "Schools": "Lincoln Elementary",
            "Classes": "Homeroom 3A; Art",
        },
        {
            "First name": "Paul",
            "Last name": "Okafor",
            "Staff number": "00418",
            "Role": "Principal",
            "Email": "p.okafor@example.org",
            "Schools": "Lincoln Elementary; Roosevelt Middle School",
        },
    ),
    STUDENTS.file: (
        {
            "First name": "Ana",
            "Last name": "Lopez",
            "Student number": "001203",
            "Grade": "3",
            "Username": "ana.lopez",
            "Schools": "Lincoln Elementary",
            "Classes": "Homeroom 3A; Art",
            "Birth date": "2017-05-31",
        },
        {
            "First name": "Ben",
            "Last name": "Lee",
            "Student number": "001204",
            "Grade": "K",
            "Username": "ben.lee",
            "Schools": "Lincoln Elementary",
            "Classes": "Art",
            "Birth date": "2020-01-07",
        },
    ),
}

NOTES: dict[str, str] = {
    FIRSTBELL_ID: "Written by Firstbell: it tells whose row this is. Leave it as it is, and blank for new rows.",
    "Password": "Blank is fine: then the district's rule decides. Used once to open the log-in, and never kept.",
    "Schools": "The name of the school, as on the sheet Schools. Several with ; between them.",
    "Classes": "The names of the classes. Several with ; between them.",
    "School numbers": "Instead of the names. Several with ; between them.",
    "Class numbers": "Instead of the names. Several with ; between them.",
    "Teachers": "E-mail address, username, number or full name. Several with ; between them.",
    "Role": "Blank means Teacher.",
    "Grade": "PK, TK, K, 1 to 13. Of a class several with ; between them.",
    "Term": "Blank means the current school year.",
    "Term begins": "Only for a term that is new: its first day.",
    "Term ends": "Only for a term that is new: the day after its last.",
    "Birth date": "Year, month, day: 2017-05-31.",
    "Student number": "The number that the school knows the student by. Zeros in front stay.",
    "Username": "The log-in name, the only one of its kind in the district.",
    "Email": "A teacher signs in with it.",
    "May sign in": "Yes or No.",
    "Type": "School or District. Blank means School.",
}

INSTRUCTIONS: tuple[str, ...] = (
    "1. Fill in one sheet after the other. A sheet that you do not need can stay empty.",
    "2. Columns with a dark head have to be filled in. Put the pointer on a column's name to see what belongs there.",
    "3. Several values in one cell have a semicolon between them: Homeroom 3A; Art.",
    f"4. Rows that begin with {EXAMPLE} show how it is done. Delete them, or leave them: they are skipped.",
    "5. A blank cell never deletes anything that is on the roster, except in a row with a Firstbell ID.",
    "6. Save the workbook, and upload it where you got it. Nothing changes before you have seen what would.",
)
