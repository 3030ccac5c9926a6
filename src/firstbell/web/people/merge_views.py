"""Two rows that are one person: finding the other, looking at both side by side, and merging them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from firstbell.domain.accounts.exchanging import signs_in
from firstbell.domain.roster.access import access_person
from firstbell.domain.roster.editing.merging import Offer, ensure_two, merge_people, offers
from firstbell.domain.roster.editing.people import what_goes_with_person
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.models import User
from firstbell.domain.roster.queries import people
from firstbell.domain.roster.queries.keyset import Place
from firstbell.domain.roster.queries.people import PeopleFilter
from firstbell.domain.roster.queries.person import Person, name_of, name_people
from firstbell.domain.roster.queries.schools import name_orgs
from firstbell.engine.tables import USERS
from firstbell.web.components.shapes import Crumb
from firstbell.web.editing.fields import label_of, text_in_words
from firstbell.web.editing.pages import editor_of
from firstbell.web.filters import LONGEST
from firstbell.web.frame import show
from firstbell.web.listing import id_in
from firstbell.web.people.listing import row_of
from firstbell.web.people.person_views import crumbs_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

MOST_FOUND = 25
FROM_GONE = "gone"


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One field of both, in words."""

    name: str
    label: str
    kept: str
    gone: str
    source: str
    from_gone: bool


@require_safe
@inside
def find_other(visit: Visit, person_id: int) -> HttpResponse:
    """Who else might be this person: those whom the words find, at first those of the same family name."""
    editor_of(visit)
    person = access_person(visit.district, visit.viewer, person_id, today=visit.today)
    words = visit.request.GET.get("q", person.row.family_name or "")[:LONGEST]
    piece = people.list_people(visit.district, visit.scope, PeopleFilter(words=words), Place(), limit=MOST_FOUND)
    rows = [row_of(visit, line) for line in piece.rows if line.id != person.row.id]
    context = {
        "person": person,
        "words": words,
        "found": [(row, visit.url("person_merge_with", person.row.id, row.line.id)) for row in rows],
        "has_more": piece.has_after,
        "crumbs": crumbs_of(visit, person, "Merge"),
    }
    return show(visit, "people/find_other.html", context, room="people")


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def merge(visit: Visit, person_id: int, other_id: int) -> HttpResponse:
    """Both side by side: what stays and what goes is chosen, then they are merged."""
    editor = editor_of(visit)
    kept, gone = ensure_two(visit.district, person_id, other_id, by=editor)
    offered = offers(visit.district, kept, gone)
    sent = visit.request.POST
    problem = ""
    if visit.request.method == "POST":
        seen = (id_in(sent.get("seen_kept", "")) or 0, id_in(sent.get("seen_gone", "")) or 0)
        try:
            event_id = merge_people(
                visit.district,
                person_id,
                other_id,
                from_gone=[offer.column for offer in offered if sent.get(f"from-{offer.column}") == FROM_GONE],
                sign_in_from_gone=sent.get("sign_in") == FROM_GONE,
                seen=seen,
                by=editor,
            )
        except Refused as refused:
            problem = str(refused)
        else:
            messages.success(visit.request, f"{name_of(kept)} is one person now. You can undo it here.")
            return redirect(visit.url("act", event_id))
    return _show_both(visit, kept, gone, offered, problem)


def _show_both(visit: Visit, kept: User, gone: User, offered: list[Offer], problem: str) -> HttpResponse:
    both = [access_person(visit.district, visit.viewer, row.id, today=visit.today) for row in (kept, gone)]
    context = {
        "kept": both[0],
        "gone": both[1],
        "kept_url": visit.url("person", kept.id),
        "gone_url": visit.url("person", gone.id),
        "rows": _rows(visit, offered),
        "comes": _what_comes(visit, both[1]),
        "both_sign_in": all(signs_in(visit.district, row.id) for row in (kept, gone)),
        "problem": problem,
        "swap_url": visit.url("person_merge_with", gone.id, kept.id),
        "apart_url": visit.url("person_apart", kept.id, gone.id),
        "back": visit.url("people_duplicates"),
        "crumbs": (
            Crumb("People", visit.url("people")),
            Crumb("Duplicates", visit.url("people_duplicates")),
            Crumb("Merge"),
        ),
    }
    return show(visit, "people/merge.html", context, room="people", status=422 if problem else 200)


def _rows(visit: Visit, offered: list[Offer]) -> list[OfferRow]:
    texts = {offer.column: (offer.kept, offer.gone) for offer in offered}
    orgs = [int(text) for text in texts.get("primaryOrgSourcedId", ()) if text]
    agents = [int(part) for text in texts.get("agentSourcedIds", ()) if text for part in text.split(",")]
    names = {str(row_id): name for row_id, name in name_orgs(visit.district, orgs).items()}
    names |= {str(row_id): name for row_id, name in name_people(visit.district, visit.scope, agents).items()}
    names = {**dict.fromkeys(map(str, agents), "somebody of another school"), **names}
    return [
        OfferRow(
            offer.column,
            label_of(USERS, offer.column),
            text_in_words(USERS[offer.column], offer.kept, names),
            text_in_words(USERS[offer.column], offer.gone, names),
            offer.source,
            offer.from_gone,
        )
        for offer in offered
    ]


def _what_comes(visit: Visit, gone: Person) -> list[str]:
    hanging = what_goes_with_person(visit.district, gone.row.id)
    roles, places = len(hanging.get("roles", ())), len(hanging.get("enrollments", ()))
    return [count_in_words(roles, "role", "roles"), count_in_words(places, "place in a class", "places in classes")]
