"""The weekly letter to somebody of the vendor: how far their districts are. It names no child, only districts."""

from datetime import date, datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.advice.access import wanted_by
from firstbell.domain.advice.queries import list_request_lines
from firstbell.domain.portfolio.queries import PortfolioLine, list_portfolio

MOST_TOLD = 30
"""So many districts are told of by name; the page has all."""


def send_week(staff: StaffMembership, *, now: datetime) -> bool:
    """Tell somebody how far their districts are; False where there is nothing to tell, or no mail server."""
    email = staff.account.email
    lines = list_portfolio(email or "", now=now)
    if not (email and lines and settings.FIRSTBELL_SENDS_MAIL):
        return False
    requests = len(list_request_lines(wanted_by(staff)))
    told, link = _told(lines, requests), settings.FIRSTBELL_URL + reverse("web:portfolio")
    text = "\n\n".join([*told, f"Open your portfolio: {link}"])
    mail = EmailMultiAlternatives(_subject(lines, now.date()), text, settings.DEFAULT_FROM_EMAIL, [email])
    mail.attach_alternative(_as_html(told, link), "text/html")
    mail.send()
    return True


def _subject(lines: list[PortfolioLine], day: date) -> str:
    stuck = sum(line.place.is_stuck for line in lines)
    said = f"{stuck} of {len(lines)} stuck" if stuck else f"{len(lines)} districts, none stuck"
    return f"Your districts on {day:%B} {day.day}: {said}"


def _told(lines: list[PortfolioLine], requests: int) -> list[str]:
    ready = sum(line.place.tone == "good" for line in lines)
    stuck = [line for line in lines if line.place.is_stuck]
    going = [line for line in lines if not line.place.is_stuck and line.place.tone != "good"]
    waits = f" {requests} {'request waits' if requests == 1 else 'requests wait'} for an answer." if requests else ""
    said = [f"You look after {len(lines)}: {ready} ready, {len(going)} on the way, {len(stuck)} stuck.{waits}"]
    said += [_of_one(line) for line in [*stuck, *going][:MOST_TOLD]]
    left = len(stuck) + len(going) - MOST_TOLD
    return [*said, f"And {left} more on the page."] if left > 0 else said


def _of_one(line: PortfolioLine) -> str:
    since = line.place.since
    stuck = "stuck since" if line.place.is_stuck else "since"
    name = " ".join(line.district.name.split())
    return f"{name}: {line.place.stage}, {stuck} {since:%B} {since.day}. {line.readiness}. Next: {line.place.next_step}"


def _as_html(told: list[str], link: str) -> str:
    paragraphs = format_html_join("", '<p style="margin:0 0 16px">{}</p>', ((line,) for line in told))
    button = (
        "display:inline-block;padding:12px 20px;border-radius:6px;background:#1d4ed8;color:#fff;text-decoration:none"
    )
    return format_html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Your districts</title></head>'
        '<body style="font:16px/1.5 sans-serif;color:#1f2937;max-width:36em;margin:0 auto;padding:24px">{}'
        '<p><a href="{}" style="{}">Open your portfolio</a></p></body></html>',
        paragraphs,
        link,
        button,
    )
