"""What is well formed and still odd (``engine.rules.sanity``): always a warning, for a person to look at."""

from firstbell.engine.catalogue.said import Said

ODD: tuple[Said, ...] = (
    (
        "warning",
        "class-without-teacher",
        "The class {value} has no teacher.",
        "Enrol its teacher, or leave the class out.",
    ),
    (
        "warning",
        "class-without-students",
        "The class {value} has no students.",
        "Enrol them, or leave the class out.",
    ),
    (
        "warning",
        "student-without-class",
        "The student {value} is in no class.",
        "Enrol the student, or check who has left.",
    ),
    (
        "warning",
        "teacher-without-class",
        "The teacher {value} has no class, and most others have one.",
        "Enrol the teacher in the classes, or check whether the role is right.",
    ),
    (
        "warning",
        "person-without-sign-in",
        "{value} has neither a username nor an e-mail address nor an id of another system.",
        "Fill in at least one of username, email and userIds.",
    ),
    (
        "warning",
        "school-without-anyone",
        "Nobody has a role in the school {value}, and it has no class.",
        "Export its people and classes, or leave the school out.",
    ),
    (
        "warning",
        "term-without-class",
        "No class is held in {value}.",
        "Check the terms of the classes.",
    ),
    (
        "warning",
        "export-incomplete",
        "{value} {detail}, so the export may not be complete.",
        "Check that nothing was filtered out. Between two school years nothing has to be done.",
    ),
)
