"""The advisor's page: questions on one side, the advice and the comparison on the other, as one address."""

from typing import Final
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.conf import settings as django_settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.advice.actions import keep_prospect
from firstbell.domain.advice.advising import FOLLOWS, Advice, NothingKnown, advise
from firstbell.domain.advice.answers import CRITERIA, Answers
from firstbell.domain.advice.letters import may_write
from firstbell.domain.advice.models import Prospect
from firstbell.domain.advice.queueing import tell_later
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.audit.actor import Actor
from firstbell.web.advice.comparing import compare_methods, reason_lines
from firstbell.web.advice.forms import AdvisorForm, KeepForm

VISITOR: Final = Actor("system", "advisor", "Somebody at the advisor")
"""Who keeps advice is known to nobody else than the prospect's row."""


@require_safe
@never_cache
def show_advisor(request: HttpRequest) -> HttpResponse:
    """Ask, and advise on what is answered. htmx gets the advice alone."""
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    form = AdvisorForm(request.GET, settings)
    advice = find_advice(form.answers, settings)
    context = {"form": form, "keep_form": KeepForm(), **told(advice, form.answers, settings)}
    if not _asks_for_part(request):
        return render(request, "advice/advisor.html", context)
    response = render(request, "advice/answered.html", context)
    response["HX-Replace-Url"] = address_of(form.answers)
    return response


@require_POST
@never_cache
def keep_advice(request: HttpRequest) -> HttpResponse:
    """Keep the advice that the address holds the answers of, for a district to come."""
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    form, keep_form = AdvisorForm(request.GET, settings), KeepForm(request.POST)
    advice = find_advice(form.answers, settings)
    if advice is None:
        return redirect("web:advisor")
    if not keep_form.is_valid():
        context = {"form": form, "keep_form": keep_form, **told(advice, form.answers, settings)}
        return render(request, "advice/advisor.html", context)
    if not ratelimit.consume(request, action="keep_advice"):
        return render(request, "429.html", status=429)
    with transaction.atomic():
        prospect = keep_prospect(keep_form.who, form.answers, settings, today=timezone.localdate(), by=VISITOR)
        if may_write(settings):
            tell_later(prospect)
    messages.success(request, _kept(prospect, settings))
    return redirect(address_of(form.answers))


def _kept(prospect: Prospect, settings: AdviceSettings) -> str:
    until = date_format(prospect.keep_until, "F j, Y")
    kept = f"Your advice is kept until {until}. Its reference is {prospect.reference}: quote it when you ask us."
    return f"{kept} {settings.contact.name} hears of it by e-mail." if may_write(settings) else kept


def _asks_for_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the advice alone, and not for the whole page on the way back."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def find_advice(answers: Answers, settings: AdviceSettings) -> Advice | None:
    """The advice, or None where nothing is answered yet."""
    try:
        return advise(answers, settings)
    except NothingKnown:
        return None


def told(advice: Advice | None, answers: Answers, settings: AdviceSettings) -> dict[str, object]:
    """What the page tells of an advice."""
    return {
        "advice": advice,
        "comparison": compare_methods(advice, settings),
        "reasons": reason_lines(advice, settings) if advice else [],
        "follows": [(settings.say(f"heading.{one}"), advice.follows[one]) for one in FOLLOWS] if advice else [],
        "address": address_of(answers),
        "keep_address": address_of(answers, page="web:keep_advice"),
    }


def address_of(answers: Answers, *, page: str = "web:advisor") -> str:
    """A page with these answers: what was not answered is not in the address."""
    given: dict[str, object] = {one: getattr(answers, one) for one in CRITERIA if getattr(answers, one) is not None}
    if answers.single_school:
        given["single_school"] = "on"
    path = reverse(page)
    return f"{path}?{urlencode(given)}" if given else path
