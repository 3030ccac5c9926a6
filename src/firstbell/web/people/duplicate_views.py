"""People who may be on the roster twice: who is proposed, and telling two apart."""

from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.roster.editing.merging import tell_apart
from firstbell.domain.roster.queries.duplicates import (
    BIRTH_DATE,
    EMAIL,
    IDENTIFIER,
    NAME,
    USERNAME,
    Proposal,
    propose,
)
from firstbell.web.components.shapes import Crumb, PageLinks
from firstbell.web.editing.pages import editor_of, try_and_tell
from firstbell.web.frame import show
from firstbell.web.listing import address, id_in
from firstbell.web.people.listing import PersonRow, row_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

SIZE = 25
SHARED: Final = {
    IDENTIFIER: "Same ID",
    BIRTH_DATE: "Same name and birth date",
    USERNAME: "Same username",
    EMAIL: "Same e-mail",
    NAME: "Same name at one school",
}
DIFFERS: Final = {
    BIRTH_DATE: "Other birth date",
    IDENTIFIER: "Other ID",
    "grade": "Other grade",
    "role": "Other role",
}


class PairRow:
    """Two people side by side, what speaks for their being one, and what against."""

    def __init__(self, visit: Visit, pair: Proposal) -> None:
        self.one: PersonRow = row_of(visit, pair.one)
        self.other: PersonRow = row_of(visit, pair.other)
        shared = [why for why in pair.shared if why != NAME or BIRTH_DATE not in pair.shared]
        self.shared = [SHARED[why] for why in shared]
        self.differs = [DIFFERS[what] for what in pair.differs]
        self.sources = pair.sources
        self.merge_url = visit.url("person_merge_with", pair.one.id, pair.other.id)
        self.apart_url = visit.url("person_apart", pair.one.id, pair.other.id)


@require_safe
@inside
def show_duplicates(visit: Visit) -> HttpResponse:
    """Who may be here twice, the surest first."""
    editor = editor_of(visit)
    page = max(1, min(id_in(visit.request.GET.get("page", "")) or 1, 10_000))
    sees_birth_dates = visit.viewer.may(Permission.VIEW_DEMOGRAPHICS)
    found = propose(visit.district, editor.scope, birth_dates=sees_birth_dates, page=page, size=SIZE)
    path = visit.url("people_duplicates")
    context = {
        "pairs": [PairRow(visit, pair) for pair in found.pairs],
        "total": count_in_words(found.total, "pair", "pairs"),
        "sees_birth_dates": sees_birth_dates,
        "links": _links(path, page, found.total),
        "crumbs": (Crumb("People", visit.url("people")), Crumb("Duplicates")),
        "path": path,
        "is_beyond": page > 1 and not found.pairs,
    }
    return show(visit, "people/duplicates.html", context, room="people")


@require_POST
@inside
def apart(visit: Visit, person_id: int, other_id: int) -> HttpResponse:
    """These are two people: nobody is asked again."""
    editor = editor_of(visit)
    return try_and_tell(
        visit,
        lambda: tell_apart(visit.district, person_id, other_id, by=editor),
        done="They stay two people. They are not proposed again.",
        to=visit.url("people_duplicates"),
    )


def _links(path: str, page: int, total: int) -> PageLinks | None:
    before = address(path, {"page": "" if page == 2 else page - 1}) if page > 1 else ""
    after = address(path, {"page": page + 1}) if page * SIZE < total else ""
    if not (before or after):
        return None
    return PageLinks(before, after, newer_label="Previous", older_label="Next")
