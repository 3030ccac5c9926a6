"""Everything that a roster has to hold to, one module per entity, and ``links`` for rules between tables."""

from firstbell.engine.rules import courses, duplicates, enrollments, links, people, sanity, sessions, side_files
from firstbell.engine.rules.rule import Check, Rule, Tables

RECORD_RULES: dict[str, tuple[Rule, ...]] = {
    "academicSessions": sessions.RULES,
    "courses": courses.RULES,
    "classes": courses.RULES,
    "roles": people.ROLE_RULES,
    "enrollments": enrollments.RULES,
}
"""Rules about single records, by table."""

BETWEEN: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("users",), people.usernames_are_unique),
    (("roles",), people.one_primary_role_in_an_org),
    (("users", "roles"), people.primary_org_is_one_of_the_roles),
    (("roles", "userProfiles"), people.profiles_belong_to_their_person),
    (("enrollments",), enrollments.ends_before_it_begins),
    (("enrollments",), enrollments.nobody_is_enrolled_twice),
    (("enrollments", "classes"), enrollments.school_is_the_school_of_the_class),
    (("enrollments",), enrollments.one_primary_teacher),
)
"""Rules about several records, and the tables that each needs."""

FULL_LISTS: tuple[tuple[tuple[str, ...], Check], ...] = ((("users", "roles"), people.everyone_has_a_role),)
"""Rules that hold only where both files are full lists."""

__all__ = [
    "BETWEEN",
    "FULL_LISTS",
    "RECORD_RULES",
    "Check",
    "Rule",
    "Tables",
    "duplicates",
    "links",
    "sanity",
    "side_files",
]
