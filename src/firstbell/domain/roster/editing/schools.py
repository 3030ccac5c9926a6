"""Schools, and the other organizations of a district. Who edits some schools only leaves them as they are."""

from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.act import act
from firstbell.domain.roster.editing.editor import Editor, ensure_whole_district
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.rows import Said, change, checked, live_row, removed_row
from firstbell.domain.roster.editing.together import Rows, hanging_rows, remove_together, restore_together
from firstbell.domain.roster.models import Class, Org, Role

TABLE = "orgs"


def add_org(district: District, said: Said, *, by: Editor) -> int:
    """Add a school; tells its row id. Raises NotAllowed and NotGood."""
    ensure_whole_district(by)
    with act(district, "org.added", "org", by=by) as doing:
        doing.subject = doing.add(TABLE, checked(district, TABLE, said))
    return int(str(doing.subject))


def edit_org(district: District, org_id: int, said: Said, *, seen: int, by: Editor) -> None:
    """Change a school. Raises NotAllowed, NotThere, ChangedMeanwhile, Locked and NotGood."""
    ensure_whole_district(by)
    with act(district, "org.edited", "org", org_id, by=by) as doing:
        change(doing, TABLE, live_row(doing, TABLE, org_id), said, seen=seen)


def remove_org(district: District, org_id: int, *, by: Editor) -> None:
    """Remove a school that is empty. Raises NotAllowed, NotThere and Refused."""
    ensure_whole_district(by)
    with act(district, "org.removed", "org", org_id, by=by) as doing:
        row = live_row(doing, TABLE, org_id)
        ensure_empty(district, org_id)
        remove_together(doing, TABLE, row)


def restore_org(district: District, org_id: int, *, by: Editor) -> None:
    """Bring a removed school back. Raises NotAllowed, NotThere and Refused."""
    ensure_whole_district(by)
    with act(district, "org.restored", "org", org_id, by=by) as doing:
        restore_together(doing, TABLE, removed_row(doing, TABLE, org_id))


def ensure_empty(district: District, org_id: int) -> None:
    """Nobody and nothing is left behind by a school that goes. Raises Refused."""
    people = Role.objects.filter(district_id=district.pk, org_id=org_id, removed_at=None).values("user_id").distinct()
    classes = Class.objects.filter(district_id=district.pk, school_id=org_id, removed_at=None).count()
    parts = Org.objects.filter(district_id=district.pk, parent_id=org_id, removed_at=None).count()
    said = [
        f"{count:,} {one if count == 1 else several}"
        for count, one, several in (
            (people.count(), "person", "people"),
            (classes, "class", "classes"),
            (parts, "organization", "organizations"),
        )
        if count
    ]
    if said:
        raise Refused(f"It still has {' and '.join(said)}. Move or remove them first.")


def what_goes_with_org(district: District, org: Org) -> Rows:
    """The courses of a school that has no class."""
    return hanging_rows(district, TABLE, org)
