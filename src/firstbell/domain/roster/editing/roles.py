"""What people are, and where: several roles in several schools, and for how long."""

from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.act import Act, act
from firstbell.domain.roster.editing.editor import Editor, ensure_person, ensure_school, find_row_of_person
from firstbell.domain.roster.editing.ownership import ensure_unowned
from firstbell.domain.roster.editing.refusals import NotGood, Refused
from firstbell.domain.roster.editing.rows import Said, change, checked, live_row, removed_row
from firstbell.domain.roster.models import Role, User
from firstbell.engine.entry import Problem

TABLE = "roles"
PRIMARY, SECONDARY = "primary", "secondary"


def add_role(district: District, person_id: int, said: Said, *, by: Editor) -> int:
    """Give a person one more role; tells its row id. Raises NotAllowed, NotThere and NotGood."""
    with act(district, "user.role_added", "user", person_id, by=by) as doing:
        ensure_person(district, by, person_id)
        live_row(doing, "users", person_id)
        org = said.get("orgSourcedId") or ""
        if org.isdigit():
            ensure_school(by, int(org))
        return add_role_row(doing, person_id, said)


def add_role_row(doing: Act, person_id: int, said: Said) -> int:
    """The same, as a part of an act. The first role at a school is the primary one there."""
    texts = checked(doing.district, TABLE, {**said, "userSourcedId": str(person_id)})
    held = Role.objects.filter(
        district_id=doing.district.pk, user_id=person_id, org_id=int(texts["orgSourcedId"] or 0), removed_at=None
    )
    if held.filter(role=texts["role"]).exists():
        raise NotGood(Problem("role", "The person has this role at that school already."))
    primary = SECONDARY if held.filter(role_type=PRIMARY).exists() else PRIMARY
    return doing.add(TABLE, {**texts, "roleType": primary})


def edit_role(district: District, person_id: int, role_id: int, said: Said, *, seen: int, by: Editor) -> None:
    """Change from when until when a role is held. Raises NotAllowed, NotThere, ChangedMeanwhile, Locked and NotGood."""
    with act(district, "user.role_edited", "user", person_id, by=by) as doing:
        ensure_person(district, by, person_id)
        find_row_of_person(district, person_id, TABLE, role_id)
        row = live_row(doing, TABLE, role_id)
        ensure_school(by, getattr(row, "org_id", None))
        dates = {name: said[name] for name in ("beginDate", "endDate") if name in said}
        change(doing, TABLE, row, dates, seen=seen)


def remove_role(district: District, person_id: int, role_id: int, *, by: Editor) -> None:
    """Take a role away; the person stays. Raises NotAllowed, NotThere and Refused (the only one, or a source's)."""
    with act(district, "user.role_removed", "user", person_id, by=by) as doing:
        ensure_person(district, by, person_id)
        find_row_of_person(district, person_id, TABLE, role_id)
        row = live_row(doing, TABLE, role_id)
        org_id = getattr(row, "org_id", None)
        ensure_school(by, org_id)
        ensure_unowned(district, TABLE, [row], "Remove it")
        others = Role.objects.filter(district_id=district.pk, user_id=person_id, removed_at=None).exclude(id=role_id)
        if not others.exists():
            raise Refused("It is the only role of this person. Add another one first, or remove the person.")
        doing.remove(TABLE, [row])
        _pass_on(doing, person_id, row)


def restore_role(district: District, person_id: int, role_id: int, *, by: Editor) -> None:
    """Give a role back. Raises NotAllowed, NotThere and NotGood (they have it again, or the school is gone)."""
    with act(district, "user.role_restored", "user", person_id, by=by) as doing:
        ensure_person(district, by, person_id)
        live_row(doing, "users", person_id)
        held = find_row_of_person(district, person_id, TABLE, role_id)
        row = removed_row(doing, TABLE, held.id)
        ensure_school(by, getattr(row, "org_id", None))
        ensure_unowned(district, TABLE, [row], "It comes back when it is sent from")
        alike = Role.objects.filter(district_id=district.pk, user_id=person_id, role=held.role, removed_at=None)
        if isinstance(held, Role) and alike.filter(org_id=held.org_id).exists():
            raise NotGood(Problem("role", "The person has this role at that school already."))
        doing.restore(TABLE, [row])


def _pass_on(doing: Act, person_id: int, gone: object) -> None:
    """Another role at the school becomes the primary one, another school the main one."""
    org_id = getattr(gone, "org_id", None)
    rest = Role.objects.filter(district_id=doing.district.pk, user_id=person_id, removed_at=None).order_by("id")
    there = rest.filter(org_id=org_id)
    first = there.filter(source_id=None).first()
    if first is not None and not there.filter(role_type=PRIMARY).exists():
        doing.update(TABLE, first, {"roleType": PRIMARY})
    person = User.objects.get(district_id=doing.district.pk, id=person_id)
    if person.source_id is None and person.primary_org_id == org_id and not there.exists():
        other = rest.first()
        doing.update("users", person, {"primaryOrgSourcedId": str(other.org_id) if other and other.org_id else None})
