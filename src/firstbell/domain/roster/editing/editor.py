"""Who changes the roster by hand, and where they may: the whole district, or the schools that are theirs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from firstbell.domain.accounts.access import NotAllowed, ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.audit.actor import OPERATOR, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.roster.access import NotThere, scope_of
from firstbell.domain.roster.models import Enrollment, Role, User
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT, Scope, classes_in, people_in


@dataclass(frozen=True, slots=True)
class Editor:
    """The one who acts, and the schools in which they may."""

    actor: Actor
    scope: Scope

    @property
    def has_whole_district(self) -> bool:
        """Whether schools and terms are theirs to change."""
        return self.scope.schools is None

    def has(self, org_id: int | None) -> bool:
        """Whether an organization is among those where they may act."""
        return self.scope.schools is None or org_id in self.scope.schools


AT_THE_COMMAND_LINE = Editor(OPERATOR, WHOLE_DISTRICT)


def access_editor(district: District, viewer: Viewer, *, today: date) -> Editor:
    """The viewer as one who edits. Raises NotAllowed."""
    ensure_may(viewer, Permission.EDIT_ROSTER)
    return Editor(viewer.actor, scope_of(district, viewer, today=today))


def ensure_whole_district(editor: Editor) -> None:
    """Schools and terms are everyone's. Raises NotAllowed for who edits some schools only."""
    if not editor.has_whole_district:
        raise NotAllowed(Permission.EDIT_ROSTER)


def ensure_school(editor: Editor, org_id: int | None) -> None:
    """Raises NotThere where an organization is not theirs: another school's looks like one that there is not."""
    if not editor.has(org_id):
        raise NotThere(org_id)


def ensure_person(district: District, editor: Editor, person_id: int) -> None:
    """Raises NotThere for who is out of sight, NotAllowed for a guest in a class whose school is another."""
    seen = (people_in(district, editor.scope, removed=removed).filter(id=person_id) for removed in (False, True))
    if not any(people.exists() for people in seen):
        raise NotThere(person_id)
    schools = editor.scope.schools
    if schools is None:
        return
    held = Role.objects.filter(district_id=district.pk, user_id=person_id, org_id__in=schools)
    is_live = User.objects.filter(district_id=district.pk, id=person_id, removed_at=None).exists()
    if not (held.filter(removed_at=None) if is_live else held).exists():
        raise NotAllowed(Permission.EDIT_ROSTER)


def ensure_class(district: District, editor: Editor, class_id: int) -> None:
    """Raises NotThere for a class of another school."""
    seen = (classes_in(district, editor.scope, removed=removed).filter(id=class_id) for removed in (False, True))
    if not any(classes.exists() for classes in seen):
        raise NotThere(class_id)


def ensure_members(district: District, editor: Editor, person_ids: Iterable[int]) -> None:
    """Raises NotThere unless all of these people are on the roster and in sight."""
    wanted = set(person_ids)
    if people_in(district, editor.scope).filter(id__in=wanted).count() != len(wanted):
        raise NotThere


def find_row_of_person(district: District, person_id: int, table: str, row_id: int) -> Role | Enrollment:
    """A role or a place of this person, removed or not. Raises NotThere."""
    model: type[Role | Enrollment] = Role if table == "roles" else Enrollment
    found = model._default_manager.filter(district_id=district.pk, id=row_id, user_id=person_id).first()
    if found is None:
        raise NotThere(row_id)
    return found


def find_place_in_class(district: District, class_id: int, place_id: int) -> Enrollment:
    """A place in this class, removed or not. Raises NotThere."""
    found = Enrollment.objects.filter(district_id=district.pk, id=place_id, class_id=class_id).first()
    if found is None:
        raise NotThere(place_id)
    return found
