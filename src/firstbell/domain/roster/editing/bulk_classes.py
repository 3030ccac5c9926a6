"""Many classes at once: removed, moved to other terms, or given a grade."""

from collections.abc import Sequence

from firstbell.domain.districts.models import District
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.act import Act
from firstbell.domain.roster.editing.editor import Editor, ensure_class
from firstbell.domain.roster.editing.many import Outcome, Several, give, to_each
from firstbell.domain.roster.editing.together import remove_together
from firstbell.domain.roster.models import Class, Row
from firstbell.domain.roster.queries.scope import classes_in

TABLE = "classes"


def _name(row: Row) -> str:
    return (row.title if isinstance(row, Class) else None) or str(row)


def _ensure_classes(district: District, by: Editor, class_ids: Sequence[int]) -> None:
    wanted = set(class_ids)
    if classes_in(district, by.scope).filter(id__in=wanted).count() != len(wanted):
        raise NotThere


CLASSES = Several(TABLE, "classes", ("title_key", "id"), _name, _ensure_classes, ensure_class)


def remove_classes(district: District, class_ids: Sequence[int], *, by: Editor, only_look: bool = False) -> Outcome:
    """Remove classes with the places in them; nobody leaves the roster. Raises NotThere and Refused."""

    def remove(doing: Act, group: Row) -> bool:
        remove_together(doing, TABLE, group)
        return True

    return to_each(CLASSES, district, class_ids, "classes.removed", remove, by=by, only_look=only_look)


def change_terms(
    district: District, class_ids: Sequence[int], term_ids: Sequence[int], *, by: Editor, only_look: bool = False
) -> Outcome:
    """Hold classes in these terms. Raises NotThere and Refused."""
    terms = ",".join(str(term_id) for term_id in term_ids)

    def change(doing: Act, group: Row) -> bool:
        return give(doing, TABLE, group, "termSourcedIds", terms)

    return to_each(CLASSES, district, class_ids, "classes.terms_changed", change, by=by, only_look=only_look)


def change_grade_of_classes(
    district: District, class_ids: Sequence[int], grade: str, *, by: Editor, only_look: bool = False
) -> Outcome:
    """Give classes a grade. Raises NotThere and Refused."""

    def change(doing: Act, group: Row) -> bool:
        return give(doing, TABLE, group, "grades", grade)

    return to_each(CLASSES, district, class_ids, "classes.grade_changed", change, by=by, only_look=only_look)
