"""Many people at once: removed, given a grade, or added to a class."""

from collections.abc import Sequence

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.act import Act
from firstbell.domain.roster.editing.editor import Editor, ensure_class, ensure_members, ensure_person
from firstbell.domain.roster.editing.many import Outcome, Several, give, to_each
from firstbell.domain.roster.editing.people import remove_person_row
from firstbell.domain.roster.editing.places import add_member_rows
from firstbell.domain.roster.models import Row, User
from firstbell.domain.roster.queries.person import name_of


def _name(row: Row) -> str:
    return name_of(row) if isinstance(row, User) else str(row)


PEOPLE = Several("users", "people", ("family_name_key", "given_name_key", "id"), _name, ensure_members, ensure_person)


def remove_people(district: District, person_ids: Sequence[int], *, by: Editor, only_look: bool = False) -> Outcome:
    """Take people off the roster. Raises NotThere for who is not the editor's, and Refused."""

    def remove(doing: Act, person: Row) -> bool:
        remove_person_row(doing, person.id, by=by)
        return True

    return to_each(PEOPLE, district, person_ids, "people.removed", remove, by=by, only_look=only_look)


def change_grade(
    district: District, person_ids: Sequence[int], grade: str, *, by: Editor, only_look: bool = False
) -> Outcome:
    """Give people a grade. Raises NotThere and Refused."""

    def change(doing: Act, person: Row) -> bool:
        return give(doing, "users", person, "grades", grade)

    return to_each(PEOPLE, district, person_ids, "people.grade_changed", change, by=by, only_look=only_look)


def add_people_to_class(
    district: District, person_ids: Sequence[int], class_id: int, role: str, *, by: Editor, only_look: bool = False
) -> Outcome:
    """Give people a place in a class. Raises NotThere and Refused."""
    with within(district):
        ensure_class(district, by, class_id)

    def add(doing: Act, person: Row) -> bool:
        came, _ = add_member_rows(doing, class_id, [person.id], {"role": role})
        return bool(came)

    return to_each(PEOPLE, district, person_ids, "people.added_to_class", add, by=by, only_look=only_look)
