"""The classes of a district to choose one from."""

from dataclasses import dataclass

from firstbell.domain.districts.models import District
from firstbell.domain.roster.models import Org
from firstbell.domain.roster.queries.scope import Scope, classes_in
from firstbell.engine.formats.templates.layouts import BY_ID

MOST = 5_000
"""A longer list helps nobody to choose; who has more uploads a list."""


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """One class, its school, and how a list refers to both without a doubt."""

    row_id: int
    title: str
    school: str
    reference: str
    school_reference: str


def list_class_choices(district: District, scope: Scope) -> list[ClassChoice]:
    """The live classes of the scope, by school and title."""
    schools = {
        org_id: (name or sourced_id, sourced_id)
        for org_id, name, sourced_id in Org.objects.filter(district_id=district.pk, removed_at=None).values_list(
            "id", "name", "sourced_id"
        )
    }
    classes = classes_in(district, scope).filter(school_id__in=schools)
    choices = [
        ClassChoice(
            row_id,
            title or sourced_id,
            schools[school_id or 0][0],
            f"{BY_ID}{sourced_id}",
            f"{BY_ID}{schools[school_id or 0][1]}",
        )
        for row_id, title, sourced_id, school_id in classes.order_by("title_key", "id").values_list(
            "id", "title", "sourced_id", "school_id"
        )[:MOST]
    ]
    return sorted(choices, key=lambda choice: (choice.school.casefold(), choice.title.casefold()))
