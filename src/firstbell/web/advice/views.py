"""The advisor's page: questions on one side, the advice and the comparison on the other, as one address."""

from typing import Final
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.conf import settings as django_settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.advice.actions import keep_prospect
from firstbell.domain.advice.advising import FOLLOWS, Advice, NothingKnown, advise
from firstbell.domain.advice.answers import CRITERIA
from firstbell.domain.advice.letters import may_write
from firstbell.domain.advice.models import Prospect
from firstbell.domain.advice.queries import list_products
from firstbell.domain.advice.queueing import tell_later
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.audit.actor import Actor
from firstbell.web.advice.comparing import compare_methods, reason_lines
from firstbell.web.advice.forms import AdvisorForm, KeepForm

LONGEST_QUERY: Final = 2000
VISITOR: Final = Actor("system", "advisor", "Somebody at the advisor")
"""Who keeps advice is known to nobody else than the prospect's row."""


@require_safe
@never_cache
def show_advisor(request: HttpRequest) -> HttpResponse:
    """Ask, and advise on what is answered. htmx gets the advice alone."""
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    form = AdvisorForm(request.GET, settings, list_products())
    context = {"form": form, "keep_form": KeepForm(), **told(form, settings)}
    if not _asks_for_part(request):
        return render(request, "advice/advisor.html", context)
    response = render(request, "advice/answered.html", context)
    response["HX-Replace-Url"] = address_of(form)
    return response


@require_POST
@never_cache
def keep_advice(request: HttpRequest) -> HttpResponse:
    """Keep the advice on the answers that come along, for a district to come."""
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    form, keep_form = _answered(request, settings), KeepForm(request.POST)
    if find_advice(form, settings) is None:
        messages.error(request, "Answer a question first: there is no advice to keep yet.")
        return redirect("web:advisor")
    if not keep_form.is_valid():
        context = {"form": form, "keep_form": keep_form, **told(form, settings)}
        return render(request, "advice/advisor.html", context)
    if not ratelimit.consume(request, action="keep_advice"):
        return render(request, "429.html", status=429)
    with transaction.atomic():
        today = timezone.localdate()
        prospect = keep_prospect(keep_form.who, form.answers, settings, form.products, today=today, by=VISITOR)
        if may_write(settings):
            tell_later(prospect)
    messages.success(request, _kept(prospect, settings))
    return redirect(address_of(form))


def _answered(request: HttpRequest, settings: AdviceSettings) -> AdvisorForm:
    return AdvisorForm(QueryDict(request.POST.get("answers", "")[:LONGEST_QUERY]), settings, list_products())


def _kept(prospect: Prospect, settings: AdviceSettings) -> str:
    until = date_format(prospect.keep_until, "F j, Y")
    kept = f"Your advice is kept until {until}. Its reference is {prospect.reference}: quote it when you ask us."
    return f"{kept} {settings.contact.name} hears of it by e-mail." if may_write(settings) else kept


def _asks_for_part(request: HttpRequest) -> bool:
    """Whether htmx asks for the advice alone, and not for the whole page on the way back."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def find_advice(form: AdvisorForm, settings: AdviceSettings) -> Advice | None:
    """The advice, or None where nothing is answered yet."""
    try:
        return advise(form.answers, settings, form.products)
    except NothingKnown:
        return None


def told(form: AdvisorForm, settings: AdviceSettings) -> dict[str, object]:
    """What the page tells of the answers."""
    advice = find_advice(form, settings)
    return {
        "advice": advice,
        "comparison": compare_methods(advice, settings),
        "reasons": reason_lines(advice, settings) if advice else [],
        "follows": [(settings.say(f"heading.{one}"), advice.follows[one]) for one in FOLLOWS] if advice else [],
        "products": form.products,
        "address": address_of(form),
        "answered": query_of(form),
    }


def address_of(form: AdvisorForm) -> str:
    """The page with these answers."""
    path, query = reverse("web:advisor"), query_of(form)
    return f"{path}?{query}" if query else path


def query_of(form: AdvisorForm) -> str:
    """The answers as in an address: what was not answered is not in it."""
    answers = form.answers
    given: dict[str, object] = {one: getattr(answers, one) for one in CRITERIA if getattr(answers, one) is not None}
    if answers.single_school:
        given["single_school"] = "on"
    if form.products:
        given["product"] = [product.code for product in form.products]
    return urlencode(given, doseq=True)
