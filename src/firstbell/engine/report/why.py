"""Why a finding matters, in a sentence or two, where its own sentence does not tell."""

WHY: dict[str, str] = {
    "class-id-recycled": (
        "Products hang children's work on a class. If last year's id now means another class, the new children would "
        "find the old ones' work."
    ),
    "class-without-students": "Nobody can open the class. Often its enrollments were left out of the export.",
    "class-without-teacher": "Nobody can give work to these children. Often the teacher's enrollment was left out.",
    "column-password": "A password in a file is a password for everyone who has the file.",
    "contributor-unmatched": "This source may only add to people whom another source brought.",
    "cycle": "Where every organization is above itself, nobody can tell which district it belongs to.",
    "date-bad": "A wrong guess at a date opens a class too early, or closes it in the middle of the year.",
    "date-implausible": "It is almost always a slip of the keys, or a date that was not known.",
    "deleted-in-bulk": "A full list says who is there by naming them. Two ways of saying it can contradict each other.",
    "email-malformed": "Whoever signs in by e-mail, or waits for a message, cannot be reached at this address.",
    "encoding": "Names with accents turn into other letters when an encoding is guessed wrongly.",
    "enrollment-school-differs": "The class is shown in one school, and this enrollment would count in another.",
    "export-incomplete": (
        "A file that was cut off, or filtered by mistake, looks exactly like this. Between two school years it is "
        "normal, and then nothing is wrong."
    ),
    "file-missing": "Without the file nobody can tell whether its records are gone or were only forgotten.",
    "firstbell-id-unknown": (
        "The id says which row of the roster is meant. A wrong one would write over somebody else."
    ),
    "id-missing": "Without an id nobody can tell tomorrow whether this is the same record as today.",
    "id-recycled": (
        "Accounts and children's work hang on the id. If it now means somebody else, that person would get all of it."
    ),
    "id-twice": "Whichever of the two was taken, the other person would get their classes and their work.",
    "key-claimed-twice": "Two people cannot both be the one on the roster, and a wrong guess would mix them up.",
    "key-not-corroborated": (
        "Usernames and numbers are given again when somebody leaves. Two people must never become one."
    ),
    "left-out-with": (
        "What points to a record that was left out would point to nothing. It comes back by itself with that record."
    ),
    "manifest-missing": (
        "The manifest says which files are full lists. Without it a missing record may mean nothing, so nobody is "
        "removed."
    ),
    "name-ambiguous": "A guess would put children into somebody else's class.",
    "name-without-number": (
        "Two children can have one name, and one child can stand in a list twice. Only a number tells."
    ),
    "number-of-another": "Accounts and children's work hang on the number. Two people must never become one.",
    "package-encrypted": "A password that travels beside the file protects nobody, and the connection is safe already.",
    "package-unsafe": "A package like this can overwrite files of the computer that opens it.",
    "person-without-role": "A person without a role belongs to no school, so no product opens for them.",
    "person-without-sign-in": "There is nothing that the person could sign in with, and nothing to recognise them by.",
    "reference-missing": (
        "A record that points to nothing cannot be used: an enrollment without its class puts a child nowhere."
    ),
    "removals-stopped": (
        "If the id of one record cannot be read, whoever it belongs to looks as if they had left. So nobody is removed."
    ),
    "row-quote": "One stray quote can swallow all lines up to the next one. Only this line is left out.",
    "row-ragged": "One cell too many shifts all the others: a name would end up in the column of the grade.",
    "school-without-anyone": "The school is shown everywhere and empty. Often its people were left out of the export.",
    "student-without-class": "The student can sign in and finds nothing there.",
    "teacher-without-class": "The teacher can sign in and finds nobody there.",
    "term-without-class": "Nothing happens in the term. Often the classes name other terms by mistake.",
    "username-twice": "Both would sign in with the same name, and only one of them can be let in.",
    "value-missing": "Every product needs what is blank here: a person without a name cannot be found by anyone.",
    "version-1.0": "OneRoster 1.0 tells people apart by less than is needed to never mix them up.",
}
"""By code. A code that is not here explains itself."""
