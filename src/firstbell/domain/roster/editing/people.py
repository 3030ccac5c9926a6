"""People with their roles. A person is on the roster by having a role in some school."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Func, Q, TextField, Value

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.act import Act, act
from firstbell.domain.roster.editing.editor import Editor, ensure_members, ensure_person, ensure_school
from firstbell.domain.roster.editing.refusals import NotGood, Refused
from firstbell.domain.roster.editing.roles import add_role_row
from firstbell.domain.roster.editing.rows import Said, change, checked, live_row, removed_row
from firstbell.domain.roster.editing.together import Rows, hanging_rows, remove_together, restore_together
from firstbell.domain.roster.editing.values import Texts, texts_of
from firstbell.domain.roster.models import Role, User
from firstbell.engine.entry import Problem
from firstbell.engine.tables import USERS

TABLE = "users"
TAKEN = {
    "username": "Somebody else has this username, or had it and could come back. Choose another.",
    "identifier": "Somebody else has this ID, or had it and could come back. Is it the same person?",
}
"""What has to be a person's own; it stays reserved while somebody who was removed may be restored."""


def add_person(district: District, said: Said, roles: Sequence[Said], *, by: Editor) -> int:
    """Add a person with at least one role; tells their row id.

    Raises NotThere for a role in a school that is not the editor's, and NotGood.
    """
    if not roles:
        raise NotGood(Problem("", "Choose a role and a school: without one nobody is on the roster."))
    with act(district, "user.added", "user", by=by) as doing:
        for role in roles:
            _ensure_their_school(by, role)
        _ensure_theirs(district, by, said)
        first_school = roles[0].get("orgSourcedId")
        texts = checked(district, TABLE, {"primaryOrgSourcedId": first_school, **said})
        _ensure_free(district, texts, person_id=None)
        doing.subject = person_id = doing.add(TABLE, texts)
        for role in roles:
            add_role_row(doing, person_id, role)
    return person_id


def edit_person(district: District, person_id: int, said: Said, *, seen: int, by: Editor) -> None:
    """Change who a person is. Raises NotAllowed, NotThere, ChangedMeanwhile, Locked and NotGood."""
    with act(district, "user.edited", "user", person_id, by=by) as doing:
        ensure_person(district, by, person_id)
        row = live_row(doing, TABLE, person_id)
        was = texts_of(USERS, row)
        _ensure_theirs(district, by, {name: text for name, text in said.items() if text != was.get(name)})
        now = change(doing, TABLE, row, said, seen=seen)
        _ensure_free(district, {name: text for name, text in now.items() if was[name] != text}, person_id=person_id)


def remove_person(district: District, person_id: int, *, by: Editor) -> Rows:
    """Take a person off the roster with roles and places; tells what went. Raises NotAllowed, NotThere and Refused."""
    with act(district, "user.removed", "user", person_id, by=by) as doing:
        ensure_person(district, by, person_id)
        return remove_person_row(doing, person_id, by=by)


def remove_person_row(doing: Act, person_id: int, *, by: Editor) -> Rows:
    """The same, as a part of an act."""
    row = live_row(doing, TABLE, person_id)
    ensure_all_schools(doing.district, by, person_id)
    return remove_together(doing, TABLE, row)


def restore_person(district: District, person_id: int, *, by: Editor) -> int:
    """Bring a removed person back with the roles and places they left with; tells how many rows could not come.

    Raises NotAllowed, NotThere, Refused (a source's) and NotGood (somebody has their username by now).
    """
    with act(district, "user.restored", "user", person_id, by=by) as doing:
        ensure_person(district, by, person_id)
        row = removed_row(doing, TABLE, person_id)
        if row.removed_at is not None and row.removed_at <= doing.at - timedelta(days=district.retention_days):
            raise Refused(f"It is longer than {district.retention_days} days ago: what is left is being erased.")
        _ensure_free(district, texts_of(USERS, row), person_id=person_id)
        came, left = restore_together(doing, TABLE, row)
        ensure_all_schools(district, by, person_id)
        if not came.get("roles"):
            raise Refused("The schools where this person had a role are gone. Restore a school first.")
    return left


def what_goes_with_person(district: District, person_id: int) -> Rows:
    """Roles, places and all else that a person would leave with."""
    row = User.objects.filter(district_id=district.pk, id=person_id, removed_at=None).first()
    return hanging_rows(district, TABLE, row) if row else {}


def _ensure_their_school(by: Editor, role: Said) -> None:
    org = role.get("orgSourcedId") or ""
    if org.isdigit():
        ensure_school(by, int(org))


def _ensure_theirs(district: District, by: Editor, said: Said) -> None:
    """A main school and related people are among those that the editor sees. Raises NotThere."""
    org, agents = said.get("primaryOrgSourcedId") or "", said.get("agentSourcedIds") or ""
    if org.isdigit():
        ensure_school(by, int(org))
    if agents:
        ensure_members(district, by, [int(agent) for agent in agents.split(",") if agent.isdigit()])


def ensure_all_schools(district: District, by: Editor, person_id: int) -> None:
    """Whoever has a role at another school too is not removed by one school alone. Raises NotAllowed."""
    if by.scope.schools is None:
        return
    roles = Role.objects.filter(district_id=district.pk, user_id=person_id, removed_at=None)
    if roles.exclude(org_id__in=by.scope.schools).exists():
        raise NotAllowed(Permission.EDIT_ROSTER)


def _ensure_free(district: District, texts: Texts, *, person_id: int | None) -> None:
    """Usernames and ids are a person's own, removed people's too. Raises NotGood."""
    problems = [
        Problem(column, sentence)
        for column, sentence in TAKEN.items()
        if (wanted := texts.get(column)) and _is_taken(district, column, wanted, person_id)
    ]
    if problems:
        raise NotGood(*problems)


def _is_taken(district: District, column: str, wanted: str, person_id: int | None) -> bool:
    key = Func(Value(wanted), function="roster_search_key", output_field=TextField())
    alike = User.objects.filter(Q(**{f"{column}_key": key}), district_id=district.pk).exclude(id=person_id or 0)
    return any(str(held).casefold() == wanted.casefold() for held in alike.values_list(column, flat=True))
