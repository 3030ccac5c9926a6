"""Badges: who has one, print it again, and void those that are lost, one by one or of a class."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstbell.domain.accounts.badges import void_badge
from firstbell.domain.accounts.issuing import Bearer
from firstbell.domain.roster.access import access_class
from firstbell.domain.roster.bearers import access_bearers, access_bearers_of_class, ensure_may_hand_out
from firstbell.domain.roster.queries.badges import list_badges, with_badges
from firstbell.web.cards.choosing import MOST, Kind
from firstbell.web.components.shapes import Crumb
from firstbell.web.filters import LONGEST
from firstbell.web.frame import rooms_of, show
from firstbell.web.listing import address, id_in, links_of, place_of
from firstbell.web.people.listing import row_of
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words


@require_safe
@inside
def show_badges(visit: Visit) -> HttpResponse:
    """The badges that open, by name."""
    ensure_may_hand_out(visit.viewer)
    words = visit.request.GET.get("q", "")[:LONGEST]
    piece = list_badges(visit.district, visit.scope, words, place_of(visit.request))
    path = visit.url("badges")
    context = {
        "rows": [(row_of(visit, line.person), line.made_at, _again_url(visit, line.id)) for line in piece.rows],
        "words": words,
        "path": path,
        "void_url": visit.url("badges_void"),
        "links": links_of(path, {"q": words}, piece),
        "crumbs": (Crumb("People", visit.url("people")), Crumb("Badges")),
    }
    return show(visit, "cards/badges.html", context, room="people")


def _again_url(visit: Visit, person_id: int) -> str:
    return address(visit.url("cards_people"), {"person": person_id, "kind": Kind.BADGES.value})


@require_POST
@inside
def void_badges(visit: Visit) -> HttpResponse:
    """Ask whether the badges of those who were chosen shall open nothing any more, and then do it."""
    ids = [person for text in visit.request.POST.getlist("person") if (person := id_in(text))]
    bearers = access_bearers(visit.district, visit.viewer, ids, today=visit.today)
    return _ask_or_void(visit, bearers, back=visit.url("badges"))


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def void_badges_of_class(visit: Visit, class_id: int) -> HttpResponse:
    """The same for all of a class."""
    bearers = access_bearers_of_class(visit.district, visit.viewer, class_id, today=visit.today)
    access_class(visit.district, visit.viewer, class_id, today=visit.today)
    return _ask_or_void(visit, bearers, back=visit.url("class", class_id))


def _ask_or_void(visit: Visit, bearers: Sequence[Bearer], *, back: str) -> HttpResponse:
    have = with_badges(visit.district, [bearer.user_id for bearer in bearers])
    wanted = [bearer for bearer in bearers if bearer.user_id in have]
    if not wanted or len(wanted) > MOST:
        wrong = "None of them has a badge that opens." if not wanted else f"Choose {MOST} badges at most."
        messages.warning(visit.request, wrong)
        return redirect(back)
    if visit.request.POST.get("then") != "void":
        context = {
            "title": f"Void {count_in_words(len(wanted), 'badge', 'badges')}?",
            "wanted": wanted,
            "crumbs": (Crumb("Back", back), Crumb("Void badges")),
            "back": back,
        }
        return show(visit, "cards/void.html", context, room=rooms_of(visit)[0].name)
    voided = sum(void_badge(visit.district, bearer.user_id, by=visit.viewer.actor) for bearer in wanted)
    told = count_in_words(voided, "badge opens", "badges open")
    messages.success(visit.request, f"{told} nothing any more. Print new ones when they are needed.")
    return redirect(back)
