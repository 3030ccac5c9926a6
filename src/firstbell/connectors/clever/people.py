"""Clever's users as people, roles and demographics of OneRoster. One user may be several things at once."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from firstbell.connectors.clever.extras import kept
from firstbell.connectors.values import Row, items_of, joined_id, text_of
from firstbell.engine.formats.clever.words import (
    FAMILY_READ,
    RACES,
    ROLES_READ,
    STAFF_WITHOUT_ROLE,
    read_grade,
    read_race,
    read_sex,
    read_yes,
)
from firstbell.engine.vocabulary import fold

ROLES = ("contact", "student", "teacher", "staff", "district_admin")
"""In the order in which they are fetched: of a student we tell who the contacts are."""
type Rows = dict[str, list[dict[str, str]]]
_NUMBERS = {"student": "student_number", "teacher": "teacher_number", "staff": "staff_id"}
_OF_USERS = {"state_id": "State_id", "graduation_year": "Graduation_year", "title": "Title", "department": "Department"}
_OF_DEMOGRAPHICS = {
    "home_language": "Home_language",
    "ell_status": "Ell_status",
    "frl_status": "Frl_status",
    "iep_status": "IEP_status",
    "section_504_status": "Section_504_status",
    "gifted_status": "Gifted_status",
    "disability": "Disability",
    "unweighted_gpa": "Unweighted_gpa",
    "weighted_gpa": "Weighted_gpa",
}
"""Member -> how Clever's CSV calls it, so that a change from one to the other loses nothing."""


def roles_in(user: Row) -> dict[str, Row]:
    """What somebody is, with what Clever knows of it."""
    roles = user.get("roles")
    said = roles if isinstance(roles, dict) else {}
    return {name: said[name] for name in ROLES if isinstance(said.get(name), dict)}


def students_of(user: Row) -> Iterator[str]:
    """The students whom a contact belongs to."""
    for tie in items_of(roles_in(user).get("contact", {}).get("student_relationships")):
        if isinstance(tie, dict) and text_of(tie.get("student")):
            yield text_of(tie["student"])


def rows_of(user: Row, *, district: str, contacts: Mapping[str, list[str]]) -> Rows:
    """The rows that a user becomes. ``contacts``: student -> contacts."""
    key, roles = text_of(user.get("id")), roles_in(user)
    name, preferred = _object(user, "name"), _object(roles.get("student", {}), "preferred_name")
    student = roles.get("student", {})
    person = {
        "sourcedId": key,
        "enabledUser": "true",
        "username": _first(text_of(_object(role, "credentials").get("district_username")) for role in roles.values()),
        "userIds": _user_ids(roles),
        "givenName": text_of(name.get("first")),
        "familyName": text_of(name.get("last")),
        "middleName": text_of(name.get("middle")),
        "identifier": _first(text_of(roles[one].get(_NUMBERS[one])) for one in _NUMBERS if one in roles),
        "email": text_of(user.get("email")),
        "phone": text_of(roles.get("contact", {}).get("phone")),
        "agentSourcedIds": ",".join(contacts.get(key, ())),
        "grades": _grade(text_of(student.get("grade"))),
        "preferredGivenName": text_of(preferred.get("first")),
        "preferredMiddleName": text_of(preferred.get("middle")),
        "preferredFamilyName": text_of(preferred.get("last")),
        "primaryOrgSourcedId": _first(text_of(role.get("school")) for role in roles.values()),
    }
    for role in roles.values():
        person |= {name: text for name, text in kept(role, _OF_USERS).items() if text}
    rows: Rows = {"users": [person], "roles": list(_roles(key, roles, district))}
    if student:
        rows["demographics"] = [{"sourcedId": key} | _demographics(student)]
    return rows


def _roles(user: str, roles: Mapping[str, Row], district: str) -> Iterator[dict[str, str]]:
    for name, role in roles.items():
        first = text_of(role.get("school"))
        schools = dict.fromkeys(filter(None, (first, *(text_of(one) for one in items_of(role.get("schools"))))))
        for school in (schools if name != "district_admin" else {}) or {district: None}:
            held = _role(name, role)
            yield {
                "sourcedId": joined_id(user, school, held),
                "userSourcedId": user,
                "orgSourcedId": school,
                "role": held,
                "roleType": "primary" if school == (first or next(iter(schools), district)) else "secondary",
            }


def _role(name: str, role: Row) -> str:
    """Our word. Of staff nobody is an administrator by guess."""
    if name == "district_admin":
        return "districtAdministrator"
    if name == "contact":
        ties = [tie for tie in items_of(role.get("student_relationships")) if isinstance(tie, dict)]
        words = {FAMILY_READ.get(fold(text_of(tie.get("relationship"))), "guardian") for tie in ties}
        return words.pop() if len(words) == 1 else "guardian"
    if name != "staff":
        return name
    said = (*(text_of(one) for one in items_of(role.get("roles"))), text_of(role.get("title")))
    return _first(ROLES_READ.get(fold(word), "") for word in said) or STAFF_WITHOUT_ROLE


def _demographics(student: Row) -> dict[str, str]:
    race = read_race(text_of(student.get("race"))).text
    cells = {
        "birthDate": _birth_date(text_of(student.get("dob"))),
        "sex": read_sex(text_of(student.get("gender"))).text or "",
        "hispanicOrLatinoEthnicity": read_yes(text_of(student.get("hispanic_ethnicity"))).text or "",
    }
    if race in RACES:
        cells |= {name: "true" if name == race else "false" for name in RACES}
    return cells | kept(student, _OF_DEMOGRAPHICS)


def _birth_date(text: str) -> str:
    """Clever says ``mm/dd/yyyy``: as a day that means one thing only. Another spelling is left to the reader."""
    try:
        return datetime.strptime(text, "%m/%d/%Y").date().isoformat()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return text


def _user_ids(roles: Mapping[str, Row]) -> str:
    ids = {(kind, text_of(role.get(name))) for role in roles.values() for kind, name in (("SIS", "sis_id"),)}
    plain = sorted((kind, key) for kind, key in ids if key and not set("{},:") & set(key))
    return ",".join(f"{{{kind}:{key}}}" for kind, key in plain)


def _grade(text: str) -> str:
    return (read_grade(text).text or "") if text else ""


def _object(found: Row, name: str) -> Row:
    member = found.get(name)
    return member if isinstance(member, dict) else {}


def _first(said: Iterator[str]) -> str:
    return next(filter(None, said), "")
