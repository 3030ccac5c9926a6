"""What can be wrong with a record beside others: ids, references, roles, enrollments."""

from firstbell.engine.catalogue.said import Said

RECORDS: tuple[Said, ...] = (
    (
        "error",
        "id-twice",
        "The {column} stands in {detail} different records, so none of them can be trusted.",
        "Keep the record that is right. If they are two, give each an id of its own.",
    ),
    (
        "deviation",
        "id-twice-same",
        "The record stands in the file {detail} times, alike each time; it was read once.",
        "Export each record once.",
    ),
    (
        "error",
        "reference-missing",
        "{column} points to {value}, which is not among the {detail}.",
        "Correct {column}, or add {value} to the {detail} of the export.",
    ),
    (
        "deviation",
        "reference-dropped",
        "{column} points to {value}, which is not among the {detail}; the reference was left blank.",
        "Correct {column}, leave it blank, or add {value} to the {detail} of the export.",
    ),
    (
        "error",
        "left-out-with",
        "{detail} left out because what {column} points to was left out.",
        "Correct the records that are named first; these then follow.",
    ),
    (
        "deviation",
        "reference-type",
        "{column} points to {value}, which is of type {detail}.",
        "Point it to a record of the right type.",
    ),
    (
        "warning",
        "id-written-otherwise",
        "No record refers to {value} as its id is written here; others write {detail}.",
        "Write the id the same way in all files: here, or where it is referred to.",
    ),
    (
        "error",
        "cycle",
        "By {column} the record stands above itself, directly or in a circle.",
        "Name another {column} in one record of the circle, or leave it blank.",
    ),
    (
        "error",
        "ends-before-it-begins",
        "It ends on {value}, before it begins on {detail}.",
        "Correct one of the two dates.",
    ),
    (
        "warning",
        "enrollment-ends-before-it-begins",
        "It ends on {value}, before it begins on {detail}: a person who never came, or a slip in one of the dates.",
        "Correct the date that is wrong. If the person never came, nothing has to be done.",
    ),
    (
        "deviation",
        "primary-role-twice",
        "The person has {detail} primary roles in the organization {value}.",
        "Mark one of them primary and the others secondary.",
    ),
    (
        "deviation",
        "person-without-role",
        "The person has no role in roles.csv, so nothing can be opened for them.",
        "Export a role for every person.",
    ),
    (
        "deviation",
        "primary-org-without-role",
        "primaryOrgSourcedId is {value}, where the person has no role.",
        "Name an organization of one of the person's roles.",
    ),
    (
        "deviation",
        "profile-of-another",
        "userProfileSourcedId is {value}, which belongs to another person.",
        "Name a profile of the same person.",
    ),
    (
        "deviation",
        "subjects-differ-from-codes",
        "There are not as many subjects as subjectCodes.",
        "Give each subject its code, in the same order.",
    ),
    (
        "warning",
        "enrollment-twice",
        "The person is enrolled in the class {value} in the same role more than once.",
        "Keep one enrollment.",
    ),
    (
        "warning",
        "enrollment-school-differs",
        "The enrollment names the school {value}, and its class another.",
        "Name the school of the class.",
    ),
    (
        "warning",
        "class-school-differs",
        "The class is in the school {value}, but {detail}.",
        "Check which school is right, and correct the class or its enrollments.",
    ),
    ("warning", "primary-not-a-teacher", "A {value} is marked as the primary teacher.", "Mark teachers only."),
    (
        "warning",
        "primary-teacher-twice",
        "The class {value} has {detail} primary teachers.",
        "Mark one teacher as primary.",
    ),
    (
        "warning",
        "username-twice",
        "The username {value} belongs to {detail} people.",
        "Give each person a username of their own.",
    ),
    (
        "warning",
        "password-short",
        "The password has fewer than {detail} characters, so it opens nothing.",
        "Give a longer one, or leave it blank and print a card with a new one.",
    ),
    (
        "deviation",
        "resource-org-differs",
        "orgSourcedId is {value}, which is not the school of the class.",
        "Name the school of the class.",
    ),
    (
        "deviation",
        "resource-without-enrollment",
        "The person is not enrolled in the class {value} that the resource is for.",
        "Enrol the person or remove the row.",
    ),
)
