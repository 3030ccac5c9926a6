"""GET /health and /metrics. Neither tells anything of a district."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from firstbell.domain.sources.checkup import quick_checks
from firstbell.domain.sources.measuring import standing


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """What is wrong, and what to do about it. 503 only where this server can answer nobody: without the database."""
    checks = quick_checks()
    wrong = [{"check": check.name, "says": check.says, "remedy": check.remedy} for check in checks if not check.good]
    return JsonResponse(
        {"well": not wrong, "wrong": wrong}, status=503 if wrong and wrong[0]["check"] == "database" else 200
    )


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For Prometheus, with the operator's token. Without one set there is nothing here."""
    wanted = settings.FIRSTBELL_METRICS_TOKEN
    scheme, _, said = request.headers.get("Authorization", "").partition(" ")
    if not wanted:
        raise Http404
    if scheme.lower() != "bearer" or not hmac.compare_digest(said.strip().encode(), wanted.encode()):
        answer = HttpResponse("Send the token: Authorization: Bearer TOKEN\n", status=401, content_type="text/plain")
        answer["WWW-Authenticate"] = 'Bearer realm="firstbell"'
        return answer
    return HttpResponse(standing(), content_type="text/plain; version=0.0.4; charset=utf-8")


urlpatterns = [path("health", health, name="health"), path("metrics", metrics, name="metrics")]
