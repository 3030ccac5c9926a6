"""Words of School Data Sync's first format."""

from firstbell.engine.values import Said
from firstbell.engine.vocabulary import GRADE_SPELLINGS, GRADES_1P1, fold

FAMILY = {"parent": "parent", "guardian": "guardian", "relative": "relative"}
"""Role of GuardianRelationship.csv -> ours; others (Aide, Doctor, Other) are a guardian."""


def read_active(spelling: str) -> Said:
    """Status: only ``Active`` people may use the products."""
    return Said("true" if fold(spelling) == "active" else "false")


def read_grades(spelling: str) -> Said:
    """A grade as its CEDS code; a missing leading zero is forgiven, as School Data Sync does."""
    by_case = {code.casefold(): code for code in GRADES_1P1}
    grade = by_case.get(spelling.casefold()) or GRADE_SPELLINGS.get(spelling.casefold())
    return Said(grade) if grade else Said(spelling, "grade-unknown")
