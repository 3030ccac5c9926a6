"""The pages of findings: the same text as in docs/reference/findings."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firstbell.engine.catalogue import CATALOGUE
from firstbell.engine.report.causes import IN_WORDS
from firstbell.engine.report.pages import EFFECTS, by_severity, page_of


@require_safe
def show_index(request: HttpRequest) -> HttpResponse:
    """Everything that can be found wrong with a roster."""
    groups = [
        (IN_WORDS[severity], EFFECTS[severity], [page_of(entry.code) for entry in entries])
        for severity, entries in by_severity()
    ]
    return render(request, "help/findings.html", {"groups": groups})


@require_safe
def show_finding(request: HttpRequest, code: str) -> HttpResponse:
    """One finding: what it says, why it matters, what to do, and an example."""
    if code not in CATALOGUE:
        raise Http404
    page = page_of(code)
    sides = [("Wrong", page.example.bad), ("Right", page.example.good)] if page.example else []
    context = {"page": page, "effect": EFFECTS[page.severity], "sides": sides}
    return render(request, "help/finding.html", context)
