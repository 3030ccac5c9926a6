"""Clever's words for grades, sex, race, roles and contacts, and ours."""

from firstbell.engine.values import Said
from firstbell.engine.vocabulary import GRADE_SPELLINGS, GRADES_1P1, fold

GRADES = {
    "IT": "InfantToddler",
    "PR": "Preschool",
    "PK": "PreKindergarten",
    "TK": "TransitionalKindergarten",
    "KG": "Kindergarten",
    **{f"{grade:02d}": str(grade) for grade in range(1, 14)},
    "PS": "PostGraduate",
    "UG": "Ungraded",
    "Other": "Other",
}
"""Our grade (CEDS) -> Clever's."""
_GRADES_READ = {fold(theirs): ours for ours, theirs in GRADES.items()} | GRADE_SPELLINGS

SEX = {"male": "M", "female": "F", "other": "X"}
_SEX_READ = {fold(theirs): ours for ours, theirs in SEX.items()} | {ours: ours for ours in SEX}

RACES = {
    "white": "Caucasian",
    "asian": "Asian",
    "blackOrAfricanAmerican": "Black or African American",
    "americanIndianOrAlaskaNative": "American Indian",
    "nativeHawaiianOrOtherPacificIslander": "Hawaiian or Other Pacific Islander",
    "demographicRaceTwoOrMoreRaces": "Two or More Races",
}
"""Our column of demographics -> Clever's race."""
RACES_READ = {fold(theirs): ours for ours, theirs in RACES.items()} | {
    "white": "white",
    "black": "blackOrAfricanAmerican",
    "africanamerican": "blackOrAfricanAmerican",
    "nativeamerican": "americanIndianOrAlaskaNative",
    "americanindianoralaskanative": "americanIndianOrAlaskaNative",
    "nativehawaiianorotherpacificislander": "nativeHawaiianOrOtherPacificIslander",
    "pacificislander": "nativeHawaiianOrOtherPacificIslander",
    "multiracial": "demographicRaceTwoOrMoreRaces",
}
NO_RACE = frozenset({"unknown", ""})

ROLES = {
    "principal": "Principal",
    "siteAdministrator": "School Admin",
    "districtAdministrator": "District Admin",
    "systemAdministrator": "System Admin",
    "counselor": "Counselor",
    "aide": "Aide",
    "proctor": "Proctor",
}
"""Our role of staff -> the word in the column Role of staff.csv."""
ROLES_READ = {fold(theirs): ours for ours, theirs in ROLES.items()} | {
    "admin": "siteAdministrator",
    "administrator": "siteAdministrator",
    "schooladministrator": "siteAdministrator",
    "schooltechlead": "siteAdministrator",
    "districtadministrator": "districtAdministrator",
    "itadmin": "systemAdministrator",
    "assistantprincipal": "principal",
    "guidancecounselor": "counselor",
    "schoolcounselor": "counselor",
    "paraprofessional": "aide",
    "teacher": "teacher",
}
STAFF_WITHOUT_ROLE = "ext:staff"
"""Who works at a school without a word on what they may do there: no administrator by guess."""

FAMILY = {"parent": "Parent", "guardian": "Other", "relative": "Aunt/Uncle"}
"""Our role of a contact -> Clever's relationship."""
FAMILY_READ = {
    "parent": "parent",
    "mother": "parent",
    "father": "parent",
    "grandparent": "relative",
    "auntuncle": "relative",
    "aunt/uncle": "relative",
    "sibling": "relative",
    "relative": "relative",
}


def read_grade(spelling: str) -> Said:
    """One grade of Clever as ours; the usual short spellings too. Another is kept and told."""
    if spelling in GRADES_1P1:
        return Said(spelling)
    grade = _GRADES_READ.get(fold(spelling)) or _GRADES_READ.get(spelling.casefold())
    return Said(grade) if grade else Said(spelling, "grade-unknown")


def read_sex(spelling: str) -> Said:
    """M, F or X."""
    word = _SEX_READ.get(fold(spelling))
    return Said(word) if word else Said(None, "word-dropped", ", ".join(SEX.values()))


def read_race(spelling: str) -> Said:
    """The column of demographics that is true for the race; ``none`` where it is unknown."""
    folded = fold(spelling)
    if folded in NO_RACE:
        return Said("none")
    race = RACES_READ.get(folded)
    return Said(race) if race else Said(None, "word-dropped", ", ".join(RACES.values()))


def read_yes(spelling: str) -> Said:
    """Y or N as true or false."""
    words = {
        "y": "true",
        "yes": "true",
        "true": "true",
        "1": "true",
        "n": "false",
        "no": "false",
        "false": "false",
        "0": "false",
    }
    word = words.get(spelling.casefold())
    return Said(word) if word else Said(None, "word-dropped", "Y, N")
