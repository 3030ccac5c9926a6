"""Printing cards: choose what, be told what ends, get the sheets. The last step is a file and not a page."""

from collections.abc import Sequence
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from firstbell.domain.accounts.badges import make_badge, secret_of
from firstbell.domain.accounts.issuing import Bearer, Issued, issue_passwords, usernames_of
from firstbell.domain.accounts.models import CardKind
from firstbell.domain.accounts.printed import note_printed
from firstbell.domain.accounts.queries import who_can_sign_in
from firstbell.domain.audit.actions import record
from firstbell.domain.roster.access import NotThere, access_class, access_org
from firstbell.domain.roster.bearers import (
    access_bearers,
    access_bearers_of_class,
    access_bearers_of_school,
    ensure_may_hand_out,
)
from firstbell.domain.roster.queries.people import list_ids
from firstbell.web.cards.choosing import KINDS, MOST, Chosen, Kind, chosen_in
from firstbell.web.cards.papers import PAPERS
from firstbell.web.cards.sheet import Card, draw, unwritten
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import rooms_of, show
from firstbell.web.listing import id_in
from firstbell.web.people.listing import wanted_in
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

GET_OR_POST: Final = require_http_methods(["GET", "HEAD", "POST"])
PDF: Final = "application/pdf"
CHOSEN_IN_THE_LIST: Final = "print"
"""The button below the list of people, and what it would print."""
NOTED: Final = {Kind.PASSWORDS: CardKind.PASSWORD, Kind.BADGES: CardKind.BADGE, Kind.USERNAMES: CardKind.USERNAME}


@GET_OR_POST
@inside
def cards_of_class(visit: Visit, class_id: int) -> HttpResponse:
    """Cards for the students of a class."""
    bearers = access_bearers_of_class(visit.district, visit.viewer, class_id, today=visit.today)
    found = access_class(visit.district, visit.viewer, class_id, today=visit.today)
    void_url = visit.url("badges_void_class", class_id)
    group, back = found.title or found.sourced_id, visit.url("class", class_id)
    return _answer(visit, bearers, group, back=back, void_url=void_url)


@GET_OR_POST
@inside
def cards_of_school(visit: Visit, org_id: int) -> HttpResponse:
    """Cards for the students of a school."""
    bearers = access_bearers_of_school(visit.district, visit.viewer, org_id, today=visit.today)
    org = access_org(visit.district, visit.viewer, org_id, today=visit.today)
    return _answer(visit, bearers, org.name or org.sourced_id, back=visit.url("schools"))


@GET_OR_POST
@inside
def cards_of_people(visit: Visit) -> HttpResponse:
    """Cards for some students."""
    ensure_may_hand_out(visit.viewer)
    asked = visit.request.GET if visit.request.method != "POST" else visit.request.POST
    ids = [person for text in asked.getlist("person") if (person := id_in(text))]
    if asked.get("all") == "yes":
        ids = list_ids(visit.district, visit.scope, wanted_in(visit, asked), limit=MOST + 1)
    back = visit.url("people")
    if CHOSEN_IN_THE_LIST in asked:
        return _of_those_chosen(visit, list(dict.fromkeys(ids)), back=back)
    bearers = access_bearers(visit.district, visit.viewer, ids, today=visit.today)
    return _answer(visit, bearers, "", back=back)


def _of_those_chosen(visit: Visit, ids: list[int], *, back: str) -> HttpResponse:
    """Who was chosen in the list of people: those of them who are students, and what can be printed for them."""
    try:
        bearers = access_bearers(visit.district, visit.viewer, ids, today=visit.today) if len(ids) <= MOST else []
    except NotThere:
        bearers = []
    if not bearers:
        wrong = f"Choose {MOST} people at most." if len(ids) > MOST else "Choose students: cards are for them."
        messages.warning(visit.request, wrong)
        return redirect(back)
    if others := len(ids) - len(bearers):
        told = count_in_words(others, "other person gets", "other people get")
        messages.info(visit.request, f"{told} no card: cards are for students.")
    return _ask(visit, bearers, "", back=back, first=_kind_in(visit.request.POST.get(CHOSEN_IN_THE_LIST, "")))


def _kind_in(text: str) -> Kind:
    return Kind(text) if text in set(Kind) else Kind.PASSWORDS


def _answer(visit: Visit, bearers: Sequence[Bearer], group: str, *, back: str, void_url: str = "") -> HttpResponse:
    if visit.request.method != "POST":
        first = _kind_in(visit.request.GET.get("kind", ""))
        return _ask(visit, bearers, group, back=back, first=first, void_url=void_url)
    chosen = chosen_in(visit.request.POST)
    wanted = [bearer for bearer in bearers if bearer.user_id in chosen.person_ids]
    if not wanted or len(wanted) > MOST:
        wrong = "Choose whose cards are printed." if not wanted else f"Choose {MOST} at most, and print the rest after."
        messages.warning(visit.request, wrong)
        return _ask(visit, bearers, group, back=back, chosen=chosen)
    if chosen.kind is Kind.PASSWORDS and not chosen.is_sure:
        return _ask_again(visit, wanted, chosen, group, back=back)
    return _print(visit, wanted, chosen, group)


def _ask(
    visit: Visit,
    bearers: Sequence[Bearer],
    group: str,
    *,
    back: str,
    chosen: Chosen | None = None,
    first: Kind = Kind.PASSWORDS,
    void_url: str = "",
) -> HttpResponse:
    can = who_can_sign_in(visit.district, [bearer.user_id for bearer in bearers])
    usernames = usernames_of(visit.district, bearers)
    rows = [
        (
            bearer,
            usernames.get(bearer.user_id) or bearer.username or "made when printed",
            bearer.user_id in can,
            chosen is None or bearer.user_id in chosen.person_ids,
        )
        for bearer in bearers
    ]
    context = {
        "title": f"Cards for {group}" if group else "Cards",
        "rows": rows,
        "kinds": KINDS,
        "kind": chosen.kind if chosen else first,
        "void_url": void_url,
        "papers": list(PAPERS.values()),
        "paper": chosen.paper.name if chosen else "letter",
        "crumbs": (Crumb("Back", back), Crumb("Cards")),
        "back": back,
        "total": count_in_words(len(rows), "student", "students"),
    }
    return show(visit, "cards/cards.html", context, room=rooms_of(visit)[0].name)


def _ask_again(visit: Visit, wanted: Sequence[Bearer], chosen: Chosen, group: str, *, back: str) -> HttpResponse:
    ends = len(usernames_of(visit.district, wanted))
    here = visit.request.get_full_path()
    if here == visit.url("cards_people"):  # whose cards they are stands in no address
        here = back
    context = {
        "title": f"New passwords for {count_in_words(len(wanted), 'student', 'students')}?",
        "group": group,
        "ends": count_in_words(ends, "student has a password now: it ends", "students have passwords now: they end"),
        "some_end": bool(ends),
        "wanted": wanted,
        "chosen": chosen,
        "crumbs": (Crumb("Back", back), Crumb("Cards", here), Crumb("New passwords")),
        "back": here,
    }
    return show(visit, "cards/sure.html", context, room=rooms_of(visit)[0].name)


def _print(visit: Visit, wanted: Sequence[Bearer], chosen: Chosen, group: str) -> HttpResponse:
    """The sheets. What they say is set in the same transaction, so no password is set that was not printed."""
    cards = _cards(visit, wanted, chosen, group)
    title = f"Cards for {group}" if group else f"Cards for {count_in_words(len(cards), 'student', 'students')}"
    response = HttpResponse(draw(cards, chosen.paper, title=title), content_type=PDF)
    response["Content-Disposition"] = f'attachment; filename="cards-{visit.today:%Y-%m-%d}.pdf"'
    detail = {"kind": chosen.kind.value, "cards": len(cards), "unwritten": len(unwritten(cards))}
    place = visit.district.pk
    note_printed(visit.district, [bearer.user_id for bearer in wanted], NOTED[chosen.kind])
    record(place, "cards.printed", by=visit.viewer.actor, subject_kind="district", subject_id=place, detail=detail)
    return response


def _cards(visit: Visit, wanted: Sequence[Bearer], chosen: Chosen, group: str) -> list[Card]:
    issued: dict[int, Issued] = {}
    group = f"PRACTICE {group}".strip() if visit.district.is_practice else group
    usernames = usernames_of(visit.district, wanted)
    if chosen.kind is Kind.PASSWORDS:
        fresh = issue_passwords(visit.district, wanted, by=visit.viewer.actor)
        issued = {one.user_id: one for one in fresh}
    site = visit.request.build_absolute_uri(reverse("web:student_door", args=[visit.district.code]))
    return [
        Card(
            bearer.name,
            group,
            visit.district.code,
            site.removeprefix("https://").removeprefix("http://"),
            username=issued[bearer.user_id].username if issued else usernames.get(bearer.user_id, bearer.username),
            password=issued[bearer.user_id].password if issued else "",
            badge=_badge(visit, bearer) if chosen.kind is Kind.BADGES else "",
        )
        for bearer in wanted
    ]


def _badge(visit: Visit, bearer: Bearer) -> str:
    badge = make_badge(visit.district, bearer.user_id, name=bearer.name, by=visit.viewer.actor)
    door = reverse("web:badge_door", args=[visit.district.code, secret_of(visit.district, badge)])
    return visit.request.build_absolute_uri(door)
