"""The Method page: the current one, the evidence, what else would fit, and changing it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.advice.advising import FOLLOWS, product_conditions
from firstbell.domain.advice.answers import METHODS, Method
from firstbell.domain.advice.queries import find_plan, list_licensed
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.advice.takes import Takes
from firstbell.domain.advice.watching import Evidence, find_fit
from firstbell.domain.changing.actions import change_now
from firstbell.domain.changing.queries import find_planned
from firstbell.domain.districts.actions import BadDistrict
from firstbell.web.advice.comparing import reason_lines
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words


@dataclass(frozen=True, slots=True)
class Other:
    """A method that the district could change to, and what that does."""

    method: Method
    label: str
    does: str
    follows: tuple[tuple[str, str], ...]
    is_advised: bool
    against: tuple[str, ...]
    """What the district's products say to it."""
    look_url: str


@require_safe
@inside
def show_method(visit: Visit) -> HttpResponse:
    """Whether the method fits."""
    ensure_may(visit.viewer, Permission.MANAGE_SOURCES)
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    licensed = list_licensed(visit.district)
    products = [one.product for one in licensed]
    fit = find_fit(visit.district, settings, products, now=timezone.now())
    advised = None if fit.fits or fit.advice is None else fit.advice.method
    context = {
        "label": settings.say(f"method.{visit.district.method}"),
        "fit": fit,
        "evidence": _evidence_in_words(fit.evidence),
        "reasons": reason_lines(fit.advice, settings) if fit.advice else [],
        "follows": _follows(visit.district.method, settings),
        "others": [
            _other(visit, method, settings, products, is_advised=method == advised)
            for method in sorted(METHODS, key=lambda one: (one != advised, METHODS.index(one)))
            if method != visit.district.method
        ],
        "licensed": licensed,
        "against": product_conditions(cast("Method", visit.district.method), products, settings),
        "plan": find_plan(visit.district),
        "change_url": visit.url("method_change"),
        "sources_url": visit.url("sources"),
        "planned": find_planned(visit.district),
        "call_off_url": visit.url("method_call_off"),
    }
    return show(visit, "method/method.html", context, room="method")


@require_POST
@inside
def change(visit: Visit) -> HttpResponseBase:
    """Change the method. No account changes by it."""
    ensure_may(visit.viewer, Permission.MANAGE_SOURCES)
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    try:
        change_now(visit.district, visit.request.POST.get("method", ""), by=visit.viewer.actor)
    except BadDistrict as problem:
        messages.error(visit.request, str(problem))
    else:
        label = settings.say(f"method.{visit.district.method}")
        messages.success(visit.request, f"{visit.district.name} rosters by {label} now. No account changed by it.")
    return redirect(visit.url("method"))


def _follows(method: str, settings: AdviceSettings) -> tuple[tuple[str, str], ...]:
    return tuple((settings.say(f"heading.{one}"), settings.say(f"follows.{one}.{method}")) for one in FOLLOWS)


def _other(
    visit: Visit, method: Method, settings: AdviceSettings, products: Sequence[Takes], *, is_advised: bool
) -> Other:
    current = visit.district.method
    if method == "automated":
        does = settings.say("change.to_automated")
    else:
        does = settings.say("change.from_automated" if current == "automated" else "change.between")
    against = product_conditions(method, products, settings)
    label, follows = settings.say(f"method.{method}"), _follows(method, settings)
    return Other(method, label, does, follows, is_advised, against, visit.url("method_to", method))


def _evidence_in_words(evidence: Evidence) -> list[tuple[str, str]]:
    weeks = count_in_words(max(1, round(evidence.weeks)), "week", "weeks")
    accounts = count_in_words(evidence.accounts, "person", "people")
    schools = count_in_words(evidence.schools, "school", "schools")
    return [
        ("On the roster", f"{accounts} in {schools}"),
        ("Edits by hand", _rate(evidence.edits_a_week)),
        ("Moves between schools", f"{count_in_words(evidence.moves, 'move', 'moves')} in {weeks}"),
        ("Files applied", f"on {count_in_words(evidence.file_days, 'day', 'days')} in {weeks}"),
    ]


def _rate(a_week: float) -> str:
    if not a_week:
        return "None"
    return "Less than one a week" if a_week < 1 else f"{a_week:,.0f} a week"
