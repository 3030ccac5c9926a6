"""The portfolio: the districts that somebody looks after, what is stuck first."""

from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.advice.access import wanted_by
from firstbell.domain.advice.queries import list_request_lines
from firstbell.domain.portfolio.queries import PortfolioLine, list_portfolio, list_whole_portfolio
from firstbell.web.components.shapes import PageLinks, Tab
from firstbell.web.listing import address, id_in
from firstbell.web.staff.views import for_staff
from firstbell.web.words import count_in_words

PAGE: Final = 50
MINE, STUCK, ALL, NOBODY = "", "stuck", "all", "nobody"
PARTS: Final = {MINE: "Mine", STUCK: "Mine, stuck", ALL: "All districts", NOBODY: "Without anybody"}


@require_safe
@for_staff
def show_portfolio(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """The districts of one's own, or all."""
    part = request.GET.get("part", "")
    part = part if part in PARTS else MINE
    mine = list_portfolio(staff.account.email or "", now=timezone.now())
    lines = _lines(part, mine)
    offset = id_in(request.GET.get("from", "")) or 0
    waiting = list_request_lines(wanted_by(staff))
    context = {
        "lead": lead_of(mine),
        "tabs": [Tab(words, _path(name), current=name == part) for name, words in PARTS.items()],
        "lines": [(line, reverse("web:portfolio_district", args=[line.district.code])) for line in _at(lines, offset)],
        "links": _links(part, offset, len(lines)),
        "part": part,
        "requests": len(waiting),
        "late": sum(line.due_at < timezone.now() for line in waiting),
    }
    return render(request, "portfolio/portfolio.html", context)


def lead_of(lines: Sequence[PortfolioLine]) -> str:
    """How many there are, and how many of them are stuck."""
    if not lines:
        return "No district is yours yet. Whoever looks after one is named on its page."
    ready, stuck = sum(line.place.tone == "good" for line in lines), sum(line.place.is_stuck for line in lines)
    return f"You look after {count_in_words(len(lines), 'district', 'districts')}: {ready:,} ready, {stuck:,} stuck."


def _lines(part: str, mine: list[PortfolioLine]) -> list[PortfolioLine]:
    if part in {ALL, NOBODY}:
        return list_whole_portfolio(now=timezone.now(), without_contact=part == NOBODY)
    return [line for line in mine if line.place.is_stuck] if part == STUCK else mine


def _at(lines: list[PortfolioLine], offset: int) -> list[PortfolioLine]:
    return lines[offset : offset + PAGE]


def _path(part: str, offset: int = 0) -> str:
    return address(reverse("web:portfolio"), {"part": part, "from": offset})


def _links(part: str, offset: int, total: int) -> PageLinks | None:
    if total <= PAGE:
        return None
    before = _path(part, max(0, offset - PAGE)) if offset else ""
    after = _path(part, offset + PAGE) if offset + PAGE < total else ""
    told = f"{offset + 1:,} to {min(offset + PAGE, total):,} of {total:,}"
    return PageLinks(before, after, told, newer_label="Previous", older_label="Next")
