"""What each role may do in its district: one table."""

from enum import StrEnum
from typing import Final

from firstbell.domain.accounts.models import Role


class Permission(StrEnum):
    """One thing that somebody may or may not do."""

    VIEW_ROSTER = "view_roster"
    EDIT_ROSTER = "edit_roster"
    VIEW_DEMOGRAPHICS = "view_demographics"
    VIEW_OWN_CLASSES = "view_own_classes"
    BRING_LISTS = "bring_lists"
    VIEW_RUNS = "view_runs"
    START_RUNS = "start_runs"
    DECIDE_RUNS = "decide_runs"
    MANAGE_CASES = "manage_cases"
    MANAGE_SOURCES = "manage_sources"
    SHARE_ROSTER = "share_roster"
    SET_CREDENTIALS = "set_credentials"
    SET_OWN_CREDENTIALS = "set_own_credentials"
    MANAGE_MEMBERSHIPS = "manage_memberships"
    VIEW_AUDIT = "view_audit"
    ANSWER_QUESTIONS = "answer_questions"


MEANINGS: Final[dict[Permission, str]] = {
    Permission.VIEW_ROSTER: "See people, classes, schools and terms, of one’s schools or of the district",
    Permission.EDIT_ROSTER: "Add, change, remove and restore them",
    Permission.VIEW_DEMOGRAPHICS: "See what families reported: birth date, sex, origin",
    Permission.VIEW_OWN_CLASSES: "See one’s own classes",
    Permission.BRING_LISTS: "Bring lists of people and classes, start and undo them, for one’s schools or the district",
    Permission.VIEW_RUNS: "See runs and their findings, of one’s schools or of the district",
    Permission.START_RUNS: "Upload files",
    Permission.DECIDE_RUNS: "Approve, discard and undo runs",
    Permission.MANAGE_CASES: "Ask for One-Time Assisted, bring its files, say whether its accounts are right",
    Permission.MANAGE_SOURCES: "Set sources, their guard and their corrections",
    Permission.SHARE_ROSTER: "Say which programs read the roster",
    Permission.SET_CREDENTIALS: "Give people usernames and passwords, and print their cards",
    Permission.SET_OWN_CREDENTIALS: "The same for the students of one’s own classes",
    Permission.MANAGE_MEMBERSHIPS: "Say who belongs to the district, and as what",
    Permission.VIEW_AUDIT: "See what everybody did",
    Permission.ANSWER_QUESTIONS: "Read and answer what teachers ask, and students; of a school, what its students ask",
}
EVERYTHING = frozenset(Permission)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DISTRICT_ADMINISTRATOR: EVERYTHING,
    Role.IT_ADMINISTRATOR: EVERYTHING - {Permission.VIEW_DEMOGRAPHICS},
    Role.PRINCIPAL: frozenset(
        {
            Permission.VIEW_ROSTER,
            Permission.VIEW_DEMOGRAPHICS,
            Permission.VIEW_OWN_CLASSES,
            Permission.BRING_LISTS,
            Permission.VIEW_RUNS,
            Permission.SET_CREDENTIALS,
            Permission.ANSWER_QUESTIONS,
        }
    ),
    Role.REGISTRAR: frozenset(
        {
            Permission.VIEW_ROSTER,
            Permission.EDIT_ROSTER,
            Permission.VIEW_DEMOGRAPHICS,
            Permission.BRING_LISTS,
            Permission.VIEW_RUNS,
            Permission.SET_CREDENTIALS,
            Permission.ANSWER_QUESTIONS,
        }
    ),
    Role.TEACHER: frozenset({Permission.VIEW_OWN_CLASSES, Permission.SET_OWN_CREDENTIALS}),
    Role.STUDENT: frozenset({Permission.VIEW_OWN_CLASSES}),
}
