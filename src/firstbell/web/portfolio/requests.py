"""What districts ask: the requests that somebody may answer, and one with its words."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.advice.access import access_request_of_vendor, wanted_by
from firstbell.domain.advice.asking import LONGEST_MESSAGE, BadRequest, NotOpen, answer_request, take_request
from firstbell.domain.advice.models import RequestLine
from firstbell.domain.advice.queries import list_request_lines
from firstbell.web.components.shapes import Crumb, Tab
from firstbell.web.listing import address
from firstbell.web.staff.views import actor_of, for_staff

MOST = 100


class AnswerForm(forms.Form):
    """The answer."""

    text = forms.CharField(
        label="Answer",
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="It stands on the district’s Contact page, and is mailed to who asked.",
    )


def url_of(line: RequestLine) -> str:
    """The page of a request."""
    return reverse("web:request", args=[line.district.code, line.request_id])


@require_safe
@for_staff
def show_requests(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """Those that wait, the first that is due first; or those that are settled."""
    settled = request.GET.get("part") == "settled"
    lines = list_request_lines(wanted_by(staff, only_open=not settled), limit=MOST)
    path, now = reverse("web:requests"), timezone.now()
    context = {
        "tabs": [
            Tab("Waits for an answer", path, current=not settled),
            Tab("Settled", address(path, {"part": "settled"}), current=settled),
        ],
        "lines": [(line, url_of(line), not settled and line.due_at < now) for line in lines],
        "is_cut": len(lines) == MOST,
        "crumbs": [Crumb("Portfolio", reverse("web:portfolio")), Crumb("Requests")],
    }
    return render(request, "portfolio/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def show_request(request: HttpRequest, staff: StaffMembership, code: str, request_id: int) -> HttpResponse:
    """One request; answer it."""
    district, asked = access_request_of_vendor(staff, code, request_id)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            answer_request(district, asked, form.cleaned_data["text"], now=timezone.now(), by=actor_of(staff))
        except BadRequest as problem:
            form.add_error("text", str(problem))
        except NotOpen as late:
            messages.info(request, str(late))
            return redirect("web:request", code, request_id)
        else:
            messages.success(request, f"Request {asked.pk} of {district.name} is answered.")
            return redirect("web:requests")
    context = {
        "asked": asked,
        "district": district,
        "form": form,
        "is_mine": asked.owner_email.lower() == (staff.account.email or "").lower(),
        "title": f"Request {asked.pk} of {district.name}",
        "crumbs": [
            Crumb("Portfolio", reverse("web:portfolio")),
            Crumb("Requests", reverse("web:requests")),
            Crumb(f"Request {asked.pk}"),
        ],
        "take_url": reverse("web:request_take", args=[code, request_id]),
        "district_url": reverse("web:portfolio_district", args=[code]),
    }
    with timezone.override(district.time_zone):
        return render(request, "portfolio/request.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_staff
def take(request: HttpRequest, staff: StaffMembership, code: str, request_id: int) -> HttpResponse:
    """Make a request one's own."""
    district, asked = access_request_of_vendor(staff, code, request_id)
    try:
        take_request(district, asked, staff, by=actor_of(staff))
        messages.success(request, f"Request {asked.pk} is yours.")
    except NotOpen as late:
        messages.info(request, str(late))
    return redirect("web:request", code, request_id)
