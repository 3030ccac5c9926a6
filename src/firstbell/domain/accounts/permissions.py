"""What each role may do in its district: one table."""

from enum import StrEnum

from firstbell.domain.accounts.models import Role


class Permission(StrEnum):
    """One thing that somebody may or may not do."""

    VIEW_ROSTER = "view_roster"
    EDIT_ROSTER = "edit_roster"
    VIEW_DEMOGRAPHICS = "view_demographics"
    VIEW_OWN_CLASSES = "view_own_classes"
    VIEW_RUNS = "view_runs"
    START_RUNS = "start_runs"
    DECIDE_RUNS = "decide_runs"
    MANAGE_SOURCES = "manage_sources"
    SET_CREDENTIALS = "set_credentials"
    MANAGE_MEMBERSHIPS = "manage_memberships"
    VIEW_AUDIT = "view_audit"


EVERYTHING = frozenset(Permission)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DISTRICT_ADMINISTRATOR: EVERYTHING,
    Role.IT_ADMINISTRATOR: EVERYTHING - {Permission.VIEW_DEMOGRAPHICS},
    Role.PRINCIPAL: frozenset(
        {
            Permission.VIEW_ROSTER,
            Permission.VIEW_DEMOGRAPHICS,
            Permission.VIEW_OWN_CLASSES,
            Permission.VIEW_RUNS,
            Permission.SET_CREDENTIALS,
        }
    ),
    Role.REGISTRAR: frozenset(
        {
            Permission.VIEW_ROSTER,
            Permission.EDIT_ROSTER,
            Permission.VIEW_DEMOGRAPHICS,
            Permission.VIEW_RUNS,
            Permission.SET_CREDENTIALS,
        }
    ),
    Role.TEACHER: frozenset({Permission.VIEW_OWN_CLASSES}),
    Role.STUDENT: frozenset({Permission.VIEW_OWN_CLASSES}),
}
