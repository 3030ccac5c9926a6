"""What a grant shows of a roster, as one query: rows of (kind, row id, published id, stamp), of live records only.

Students by school and grade; their relatives with them; other people by school; classes by school, term and, where
grades are named, by who is in them; courses by their classes; enrollments by class, person and role. Schools and terms
come with what is below them and what they are a part of.
"""

from collections.abc import Iterator
from typing import Any

from firstbell.domain.roster.columns import KINDS
from firstbell.domain.sharing.presets import FAMILY, Bounds

_LIVE = "{0}.district_id = %(district)s and {0}.removed_at is null"
_FAMILY = ", ".join(f"'{role}'" for role in FAMILY)
WITHHELD = (
    "select w.user_id from sharing_withheld w where w.district_id = %(district)s"
    " and (w.client_id is null or w.client_id = %(client)s)"
)
_USER_STAMP = (
    "greatest(u.stamp,"
    " (select max(o.stamp) from roster_role o where o.district_id = u.district_id and o.user_id = u.id),"
    " (select max(f.stamp) from roster_userprofile f where f.district_id = u.district_id and f.user_id = u.id))"
)


def values_of(bounds: Bounds) -> dict[str, Any]:
    """What the query's placeholders stand for, apart from district, client and key."""
    limits = {"schools": bounds.schools, "grades": bounds.grades, "terms": bounds.terms, "roles": bounds.roles}
    return {name: list(limit) for name, limit in limits.items() if limit is not None}


def scope_ctes(bounds: Bounds) -> str:
    """The common table expressions, of which ``scope`` is the last; they stand behind ``with recursive``."""
    return ",\n".join(
        [*_trees(bounds), *_people(bounds), *_teaching(bounds), f"scope as materialized ({_all(bounds)})"]
    )


def _tree(name: str, table: str, value: str) -> Iterator[str]:
    live = _LIVE.format("t")
    yield (
        f"{name}_below(id) as (select t.id from {table} t where {live} and t.id = any(%({value})s::bigint[])"
        f" union select t.id from {table} t join {name}_below b on t.parent_id = b.id where {live})"
    )
    yield (
        f"{name}_around(id) as (select id from {name}_below union"
        f" select t.parent_id from {table} t join {name}_around a on t.id = a.id"
        " where t.district_id = %(district)s and t.parent_id is not null)"
    )


def _trees(bounds: Bounds) -> Iterator[str]:
    if bounds.schools is not None:
        yield from _tree("school", "roster_org", "schools")
    if bounds.terms is not None:
        yield from _tree("term", "roster_academicsession", "terms")


def _people(bounds: Bounds) -> Iterator[str]:
    at_school = "" if bounds.schools is None else " and o.org_id in (select id from school_below)"
    grade = "" if bounds.grades is None else " and u.grades && %(grades)s::text[]"
    role = "" if bounds.roles is None else " and o.role = any(%(roles)s::text[])"
    holders = (
        "select distinct o.user_id from roster_role o join roster_user u on u.district_id = o.district_id"
        f" and u.id = o.user_id where {_LIVE.format('o')} and {_LIVE.format('u')}{at_school}{role}"
        " and o.user_id not in (select user_id from withheld)"
    )
    yield f"withheld(user_id) as materialized ({WITHHELD})"
    yield f"students(id) as materialized ({holders} and o.role = 'student'{grade})"
    others = f"{holders} and o.role <> 'student'"
    if bounds.roles is None or set(FAMILY) & set(bounds.roles):  # else nobody looks for whose relatives they are
        yield (
            "kin(id, ours) as materialized (select a.id, bool_or(u.id in (select id from students))"
            f" from roster_user u cross join unnest(u.agent_ids) as a(id) where {_LIVE.format('u')} group by a.id)"
        )
        others += f" and (o.role not in ({_FAMILY}) or o.user_id not in (select id from kin where not ours))"
    yield f"people(id) as materialized (select id from students union {others})"


def _teaching(bounds: Bounds) -> Iterator[str]:
    conditions = [_LIVE.format("c")]
    if bounds.schools is not None:
        conditions.append("c.school_id in (select id from school_below)")
    if bounds.terms is not None:
        conditions.append("c.term_ids && (select coalesce(array_agg(id), '{}') from term_below)")
    if bounds.grades is not None:
        conditions.append(
            "c.id in (select e.class_id from roster_enrollment e join students s on s.id = e.user_id"
            f" where {_LIVE.format('e')} and e.role = 'student')"
        )
    yield f"classes(id) as materialized (select c.id from roster_class c where {' and '.join(conditions)})"
    taught = (
        " and k.id in (select c.course_id from roster_class c join classes on classes.id = c.id"
        " where c.district_id = %(district)s)"
    )
    is_all = (bounds.schools, bounds.terms, bounds.grades) == (None, None, None)
    yield (
        "courses(id, org_id) as materialized (select k.id, k.org_id from roster_course k"
        f" where {_LIVE.format('k')}{'' if is_all else taught})"
    )


def _all(bounds: Bounds) -> str:
    nameless = bounds.is_anonymous
    role = "" if bounds.roles is None else " and e.role = any(%(roles)s::text[])"
    held = "" if bounds.roles is None else " and o.role = any(%(roles)s::text[])"
    at_school = "" if bounds.schools is None else " and e.school_id in (select id from school_below)"
    held += "" if bounds.schools is None else " and o.org_id in (select id from school_below)"
    org = (
        ""
        if bounds.schools is None
        else (" and (t.id in (select id from school_around) or t.id in (select org_id from courses))")
    )
    term = "" if bounds.terms is None else " and t.id in (select id from term_around)"
    parts = [
        _part("orgs", "roster_org t", "t", org),
        _part("academicSessions", "roster_academicsession t", "t", term),
        _part("courses", "roster_course t join courses on courses.id = t.id", "t"),
        _part("classes", "roster_class t join classes on classes.id = t.id", "t", nameless=nameless),
        _part("users", "roster_user u join people on people.id = u.id", "u", stamp=_USER_STAMP, nameless=nameless),
        _part(
            "roles",
            "roster_role o join people on people.id = o.user_id",
            "o",
            f"{held} and (o.role <> 'student' or o.user_id in (select id from students))",
            nameless=nameless,
        ),
        _part(
            "enrollments",
            "roster_enrollment e join classes on classes.id = e.class_id join people on people.id = e.user_id",
            "e",
            role + at_school,
            nameless=nameless,
        ),
    ]
    if bounds.demographics:
        parts.append(
            f"select {KINDS['demographics']}, d.id, u.sourced_id, d.stamp from roster_demographics d"
            " join people on people.id = d.id join roster_user u on u.district_id = d.district_id and u.id = d.id"
            f" where {_LIVE.format('d')}"
        )
    return "\nunion all ".join(parts)


def _part(
    table: str, rows: str, alias: str, also: str = "", *, stamp: str | None = None, nameless: bool = False
) -> str:
    kind = KINDS[table]
    # The key keeps a program from telling whose a pseudonym is; kinds keep a person's apart from a class's.
    text = f"%(key)s || ':{kind}:' || {alias}.id"
    named = f"left(encode(sha256(convert_to({text}, 'UTF8')), 'hex'), 32)" if nameless else f"{alias}.sourced_id"
    return (
        f"select {kind} as kind, {alias}.id as row_id, {named} as sourced_id, {stamp or f'{alias}.stamp'} as stamp"
        f" from {rows} where {_LIVE.format(alias)}{also}"
    )
