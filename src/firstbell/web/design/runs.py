"""Made-up runs for the gallery."""

from datetime import datetime, timedelta

from firstbell.web.components.shapes import Counts, FieldChange, FindingNote, HoldReason, RowChange, RunLine, Step
from firstbell.web.components.states import RUN_STATES

STATES = tuple((state, words.next_step) for state, words in RUN_STATES.items())
COUNTS = (
    ("Students", Counts(114, 1862, 3, 2)),
    ("Teachers", Counts(2, 41, 0)),
    ("Classes", Counts()),
)


def lines(now: datetime) -> tuple[RunLine, ...]:
    """The last runs of a district."""
    nights = [
        ("held", Counts(18, 240, 114), "Dana Whitfield or you decide"),
        ("applied", Counts(12, 331, 3, 1), ""),
        ("applied", Counts(), "Same as the night before"),
        ("refused", Counts(), "enrollments.csv was cut off; the next file may repair it"),
        ("undone", Counts(2, 5120, 0), "Undone by Guadalupe Hernández-Oyelaran"),
    ]
    return tuple(
        RunLine(
            url=f"#run-{41 - night}",
            title=f"PowerSchool nightly, run {41 - night}",
            state=state,
            started=now - timedelta(days=night, hours=3),
            counts=counts,
            next_step=next_step,
        )
        for night, (state, counts, next_step) in enumerate(nights)
    )


STEPS = (
    Step("Read", "done", "852,117 rows in 9 files", 0.62),
    Step("Check", "done", "318 findings", 1.4),
    Step("Match", "done", "13,219 people known", 0.48),
    Step("Compare", "now", "410,000 of 852,117 rows"),
    Step("Guard", "ahead"),
    Step("Apply", "ahead"),
    Step("Verify", "ahead"),
)
STEPS_HELD = (
    Step("Read", "done", "852,117 rows", 0.62),
    Step("Check", "done", "318 findings", 1.4),
    Step("Match", "done", "13,219 people", 0.48),
    Step("Compare", "done", "372 changes", 0.71),
    Step("Guard", "held", "2 reasons to wait"),
    Step("Apply", "ahead"),
    Step("Verify", "ahead"),
)
FINDINGS = (
    FindingNote(
        code="reference-missing",
        severity="error",
        message="This enrollment names a class that is not in the files.",
        remedy="Add the class to classes.csv, or leave the enrollment out of the export.",
        file="enrollments.csv",
        record=20418,
        column="classSourcedId",
        value="C-7-MATH-PERIOD-3-2026-SAINT-BRIGID-OF-KILDARE-EARLY-COLLEGE",
        sourced_id="E-318842",
        count=211,
        url="#findings",
        follows=["enrollments.csv: 14 enrollments were left out because what classSourcedId points to was left out."],
    ),
    FindingNote(
        code="grade-unknown",
        severity="warning",
        message="This grade is not one that Firstbell knows, so the student has none.",
        remedy="Use 01 to 12, KG, PK or another CEDS code.",
        file="users.csv",
        record=812,
        column="grades",
        value="7th grade",
        sourced_id="S-0004812",
        url="#finding",
    ),
    FindingNote(
        code="file-missing",
        severity="fatal",
        message="The manifest promises classes.csv, and it is not in the package.",
        remedy="Export again and check that the package is complete.",
        file="manifest.csv",
    ),
)
REASONS = (
    HoldReason(
        "114 students at Lincoln Middle School would leave.",
        "Yesterday it was 3. The most that go without asking is 100, or 10 percent of a school.",
        "#leavers",
    ),
    HoldReason("12 people would become administrators.", "Nobody did in the last 30 runs.", "#administrators"),
)
FIELDS = (
    FieldChange("Family name", "Fernández", "Fernández y Montecristo"),
    FieldChange("Grade", "06", "07"),
    FieldChange("Middle name", None, "de los Ángeles"),
    FieldChange("E-mail", "mfernandezymontecristo@students.lakeside.example.org", None),
)
CHANGES = (
    RowChange("updated", "María-Guadalupe Fernández", "Student, Lincoln Middle School", "#maria", FIELDS[:2]),
    RowChange("added", "Nguyễn Thị Bích Ngọc", "Teacher, Roosevelt Elementary School", "#bich"),
    RowChange("removed", "Zbigniew Łukaszewski", "Student, Lincoln Middle School", "#zbigniew"),
    RowChange("restored", "Mathematics 7, period 3", "Class, Lincoln Middle School", "#class"),
)
