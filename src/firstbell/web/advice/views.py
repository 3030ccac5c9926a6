"""The advisor's page: questions on one side, the advice and the comparison on the other, as one address."""

from urllib.parse import urlencode

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from firstbell.domain.advice.advising import FOLLOWS, Advice, NothingKnown, advise
from firstbell.domain.advice.answers import CRITERIA, Answers
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.web.advice.comparing import compare_methods, reason_lines
from firstbell.web.advice.forms import AdvisorForm


@require_safe
@never_cache
def show_advisor(request: HttpRequest) -> HttpResponse:
    """Ask, and advise on what is answered. htmx gets the advice alone."""
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    form = AdvisorForm(request.GET, settings)
    advice = find_advice(form.answers, settings)
    context = {"form": form, **told(advice, form.answers, settings)}
    if not _asks_for_part(request):
        return render(request, "advice/advisor.html", context)
    response = render(request, "advice/answered.html", context)
    response["HX-Replace-Url"] = address_of(form.answers)
    return response


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
    }


def address_of(answers: Answers) -> str:
    """The page with these answers: what was not answered is not in the address."""
    given: dict[str, object] = {one: getattr(answers, one) for one in CRITERIA if getattr(answers, one) is not None}
    if answers.single_school:
        given["single_school"] = "on"
    path = reverse("web:advisor")
    return f"{path}?{urlencode(given)}" if given else path
