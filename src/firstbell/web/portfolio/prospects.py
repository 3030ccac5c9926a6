"""Advice that is kept for districts to come: who asked, what fits them, and opening their district."""

from django import forms
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.advice.actions import PlanThere, open_for_prospect
from firstbell.domain.advice.advising import advise
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.models import Prospect
from firstbell.domain.advice.queries import find_products, find_prospect, list_prospects
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.actions import LONGEST_CODE, BadDistrict
from firstbell.web.advice.comparing import reason_lines
from firstbell.web.components.shapes import Crumb
from firstbell.web.spaces.asking import PLACES
from firstbell.web.staff.views import actor_of, for_staff


class OpenForm(forms.Form):
    """The district that a prospect becomes."""

    name = forms.CharField(label="District", max_length=200)
    code = forms.CharField(
        label="Site code",
        max_length=LONGEST_CODE,
        help_text="Letters a to z, digits, single hyphens. It stays for life.",
    )
    time_zone = forms.ChoiceField(label="Time zone", choices=[(zone, zone.replace("_", " ")) for zone in PLACES])


def _initial(prospect: Prospect) -> dict[str, str]:
    code = slugify(prospect.district_name)[:LONGEST_CODE].strip("-")
    return {"name": prospect.district_name, "code": code}


@require_safe
@for_staff
def show_prospects(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """Those that are still to be kept, the newest first."""
    prospects = [
        (one, reverse("web:prospect", args=[one.reference])) for one in list_prospects(today=timezone.localdate())
    ]
    crumbs = [Crumb("Portfolio", reverse("web:portfolio")), Crumb("Kept advice")]
    context = {"prospects": prospects, "crumbs": crumbs, "role": staff.role}
    return render(request, "portfolio/prospects.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def show_prospect(request: HttpRequest, staff: StaffMembership, reference: str) -> HttpResponse:
    """One, with the advice and why; open its district, which has the advice as its set-up plan from then on."""
    prospect = find_prospect(reference)
    if prospect is None:
        raise NoSuchDistrict(reference)
    form = OpenForm(request.POST if request.method == "POST" else None, initial=_initial(prospect))
    if form.is_valid():
        asked = form.cleaned_data
        try:
            district = open_for_prospect(
                asked["code"], prospect, name=asked["name"], time_zone=asked["time_zone"], by=actor_of(staff)
            )
        except (BadDistrict, PlanThere) as problem:
            form.add_error("code", str(problem))
        else:
            messages.success(request, f"{district.name} is open, and its set-up plan is there.")
            return redirect("web:portfolio_district", district.code)
    settings = django_settings.FIRSTBELL_ADVICE
    products = find_products(prospect.products)
    advice = advise(Answers(**prospect.answers), settings, products)
    context = {
        "prospect": prospect,
        "advice": advice,
        "reasons": reason_lines(advice, settings),
        "products": products,
        "form": form,
        "crumbs": [
            Crumb("Portfolio", reverse("web:portfolio")),
            Crumb("Kept advice", reverse("web:prospects")),
            Crumb(prospect.district_name),
        ],
    }
    return render(request, "portfolio/prospect.html", context, status=422 if form.is_bound else 200)
