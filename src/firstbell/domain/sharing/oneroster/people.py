"""Users: their roles are rows of their own and members of the person, so a person has changed when a role has.

A person without any role is not served (the standard wants one at least); one whose roles are all gone is to be
deleted, and keeps the last ones.
"""

from firstbell.domain.sharing.oneroster import json
from firstbell.domain.sharing.oneroster.comparing import Related, Text, Words
from firstbell.domain.sharing.oneroster.member import Member, Shape
from firstbell.engine.formats.oneroster.carry_1p1 import LEAST_ROLE, ROLES_OF_1P1

_ROLES = "from roster_role o where o.district_id = r.district_id and o.user_id = r.id"
_PROFILES = "from roster_userprofile u where u.district_id = r.district_id and u.user_id = r.id"
HAS_A_ROLE = "exists (select 1 from roster_role o where o.district_id = %(district)s and o.user_id = r.id)"
IS_THERE = f"(r.removed_at is null and exists (select 1 {_ROLES} and o.removed_at is null))"
"""In filters; ``ALIVE`` says the same of a row that has its roles beside it."""
ALIVE = "(r.removed_at is null and k.there)"
STAMP = f"greatest(r.stamp, (select max(o.stamp) {_ROLES}), (select max(u.stamp) {_PROFILES}))"

_FIRST_ROLES = "(o.role_type = 'secondary'), o.id"
_WORD = (
    "case o.role "
    + " ".join(f"when '{word}' then '{said}'" for word, said in ROLES_OF_1P1.items())
    + f" else '{LEAST_ROLE}' end"
)
_ORG = (
    f"(select {json.link('orgs', 't.sourced_id')} from roster_org t"
    " where t.district_id = o.district_id and t.id = o.org_id)"
)
_PROFILE = (
    "(select t.sourced_id from roster_userprofile t"
    " where t.district_id = o.district_id and t.id = o.user_profile_id and t.removed_at is null)"
)
_ROLE_MEMBERS = {
    "roleType": json.value("roleType", "coalesce(o.role_type, 'primary')"),
    "role": json.value("role", "o.role"),
    "org": f"'\"org\":' || {_ORG}",
    "userProfile": json.value("userProfile", _PROFILE),
    "beginDate": json.value("beginDate", "o.begin_date"),
    "endDate": json.value("endDate", "o.end_date"),
}
_CREDENTIAL = json.object_of([json.value("type", "u.credential_type"), json.value("username", "u.username")])
_PROFILE_OBJECT = json.object_of(
    [
        json.value("profileId", "u.sourced_id"),
        json.value("profileType", "u.profile_type"),
        json.value("vendorId", "u.vendor_id"),
        json.value("applicationId", "u.application_id"),
        json.value("description", "u.description"),
        f"'\"credentials\":[' || {_CREDENTIAL} || ']'",
    ]
)
_THERE = "filter (where o.removed_at is null)"
JOINED = f"""
left join lateral (
  select max(o.stamp) as stamp, coalesce(bool_or(o.removed_at is null), false) as there,
         coalesce(string_agg(ROLE_OBJECT, ',' order by {_FIRST_ROLES}) {_THERE},
                  string_agg(ROLE_OBJECT, ',' order by {_FIRST_ROLES})) as roles,
         coalesce((array_agg({_WORD} order by {_FIRST_ROLES}) {_THERE})[1],
                  (array_agg({_WORD} order by {_FIRST_ROLES}))[1]) as word
  {_ROLES}
) k on true
left join lateral (
  select max(u.stamp) as stamp, string_agg({_PROFILE_OBJECT}, ',' order by u.id) filter (where u.removed_at is null)
         as profiles
  {_PROFILES}
) f on true
"""
HIDES_PROFILES = "users.userProfiles"
_OF_A_ROLE_THAT_COUNTS = f"{_ROLES} and (o.removed_at is null or not {IS_THERE})"


def joined(hidden: frozenset[str]) -> str:
    """What stands beside a person: roles and profiles. Where profiles are hidden no role names one."""
    members = [text for name, text in _ROLE_MEMBERS.items() if name != "userProfile" or HIDES_PROFILES not in hidden]
    return JOINED.replace("ROLE_OBJECT", json.object_of(members))


def changed_since(stamp: str) -> str:
    """SQL of the people who changed after a stamp: themselves, a role or a profile of theirs."""
    return (
        f"(r.id in (select c.id from roster_user c where c.district_id = %(district)s and c.stamp > {stamp}"
        f" union all select c.user_id from roster_role c where c.district_id = %(district)s and c.stamp > {stamp}"
        " union all select c.user_id from roster_userprofile c"
        f" where c.district_id = %(district)s and c.stamp > {stamp} and c.user_id is not null))"
    )


def role_and_orgs() -> list[Member]:
    """1.1: one role, and the organizations where the person has it."""
    orgs = (
        f"select string_agg(distinct_orgs.link, ',' order by distinct_orgs.first) from (select {_ORG} as link,"
        f" min(o.id) as first {_ROLES} and {_WORD} = k.word and (o.removed_at is null or not k.there)"
        " group by 1) distinct_orgs"
    )

    first = f"(select {_WORD} {_OF_A_ROLE_THAT_COUNTS} order by {_FIRST_ROLES} limit 1)"
    among = f"{_OF_A_ROLE_THAT_COUNTS} and {_WORD} = {first}"
    sourced_id = "(select t.sourced_id from roster_org t where t.district_id = o.district_id and t.id = o.org_id)"
    return [
        Member("role", json.value("role", "k.word"), (("role", Words(first)),)),
        Member(
            "orgs",
            json.listed("orgs", orgs),
            (("orgs.sourcedId", Related(among, Words(sourced_id))),),
            Shape.REFERENCES,
        ),
    ]


def roles_and_profiles() -> list[Member]:
    """1.2: all roles, and the log-ins elsewhere, without their passwords."""
    sourced_id = "(select t.sourced_id from roster_org t where t.district_id = o.district_id and t.id = o.org_id)"
    profiles = f"{_PROFILES} and u.removed_at is null"
    return [
        Member(
            "roles",
            json.listed("roles", "k.roles"),
            (
                ("roles.role", Related(_OF_A_ROLE_THAT_COUNTS, Words("o.role"))),
                ("roles.roleType", Related(_OF_A_ROLE_THAT_COUNTS, Words("coalesce(o.role_type, 'primary')"))),
                ("roles.org.sourcedId", Related(_OF_A_ROLE_THAT_COUNTS, Words(sourced_id))),
            ),
            Shape.OBJECTS,
        ),
        Member(
            "userProfiles",
            json.listed("userProfiles", "f.profiles"),
            (
                ("userProfiles.profileType", Related(profiles, Text("u.profile_type"))),
                ("userProfiles.vendorId", Related(profiles, Text("u.vendor_id"))),
                ("userProfiles.credentials.username", Related(profiles, Text("u.username"))),
            ),
            Shape.OBJECTS,
        ),
    ]
