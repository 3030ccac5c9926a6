"""What a district has of a product: seats, and for whom. It warns before there are too few of them."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.advice.catalogue import LONGEST_ID, MOST_SEATS, LicenceSaid
from firstbell.domain.advice.licensing import end_licence, license_one
from firstbell.domain.advice.queries import Licensed, count_students, find_products, list_licensed
from firstbell.domain.advice.takes import Takes
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.models import District
from firstbell.domain.roster.queries.schools import list_published_schools
from firstbell.engine.vocabulary import GRADES_1P1
from firstbell.web.portfolio.district import crumbs_of, district_of
from firstbell.web.staff.views import actor_of, for_staff
from firstbell.web.words import grades_in_words


class LicenceForm(forms.Form):
    """Seats, and for whom. Nothing chosen is everybody."""

    seats = forms.IntegerField(
        label="Seats", required=False, min_value=0, max_value=MOST_SEATS, help_text="Students. Blank for no limit."
    )
    schools = forms.MultipleChoiceField(
        label="Schools",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: all schools.",
    )
    grades = forms.MultipleChoiceField(
        label="Grades",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(grade, grades_in_words([grade])) for grade in GRADES_1P1],
        help_text="None chosen: all grades.",
    )
    classes = forms.CharField(
        label="Classes",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Published ids (sourcedId), one a line. Blank: all classes.",
    )
    sure = forms.BooleanField(label="Save it all the same", required=False)

    def __init__(self, *args: Any, schools: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        cast("forms.MultipleChoiceField", self.fields["schools"]).choices = schools
        if not schools:
            del self.fields["schools"]

    def clean_classes(self) -> tuple[str, ...]:
        """One id a line, each once."""
        lines = [line.strip() for line in str(self.cleaned_data["classes"]).splitlines()]
        if any(len(line) > LONGEST_ID or not line.isprintable() for line in lines):
            raise forms.ValidationError(f"An id has at most {LONGEST_ID} characters.")
        return tuple(dict.fromkeys(line for line in lines if line))

    def licence(self, product: str) -> LicenceSaid:
        """What was filled in."""
        asked = self.cleaned_data
        schools, grades = tuple(asked.get("schools") or ()), tuple(asked["grades"])
        return LicenceSaid(product, asked["seats"], schools, grades, asked["classes"])


@require_http_methods(["GET", "HEAD", "POST"])
@for_staff
def edit_licence(request: HttpRequest, staff: StaffMembership, code: str, product: str) -> HttpResponse:
    """Give a district a product, or change for whom. Too many students for the seats are asked about first."""
    district, takes = district_of(code), _product(product)
    has = next((one for one in list_licensed(district) if one.product.code == product), None)
    posted, over = request.method == "POST", None
    form = LicenceForm(request.POST if posted else None, schools=_schools(district, has), initial=_initial(has))
    if posted and form.is_valid():
        licence = form.licence(product)
        over = _over(district, licence)
        if over is None or form.cleaned_data["sure"]:
            license_one(district, licence, by=actor_of(staff))
            messages.success(request, f"{district.name} has {takes.name}.")
            return redirect("web:portfolio_district", code)
    if over is None:
        del form.fields["sure"]
    context = {
        "form": form,
        "district": district,
        "product": takes,
        "has": has,
        "over": over,
        "title": f"{takes.name} for {district.name}",
        "crumbs": crumbs_of(district, takes.name),
        "end_url": reverse("web:licence_end", args=[code, product]),
    }
    return render(request, "portfolio/licence.html", context, status=422 if posted else 200)


def _product(code: str) -> Takes:
    found = find_products([code])
    if not found:
        raise NoSuchDistrict(code)
    return found[0]


def _schools(district: District, has: Licensed | None) -> list[tuple[str, str]]:
    """The schools to choose from; one that is named and not (or no more) on the roster stays by its id."""
    there = list_published_schools(district) if district.lets_staff_in else []
    known = {sourced_id for sourced_id, _ in there}
    return [*there, *((one, one) for one in (has.schools if has else ()) if one not in known)]


def _initial(has: Licensed | None) -> dict[str, object]:
    if has is None:
        return {}
    return {"seats": has.seats, "schools": has.schools, "grades": has.grades, "classes": "\n".join(has.classes)}


def _over(district: District, licence: LicenceSaid) -> tuple[int, int] | None:
    """Students and seats, where there are more of the first."""
    if licence.seats is None:
        return None
    students = count_students(district, licence)
    return (students, licence.seats) if students > licence.seats else None


@require_POST
@for_staff
def end(request: HttpRequest, staff: StaffMembership, code: str, product: str) -> HttpResponse:
    """The district has the product no more."""
    district, takes = district_of(code), _product(product)
    end_licence(district, product, by=actor_of(staff))
    messages.success(request, f"{district.name} has {takes.name} no more.")
    return redirect("web:portfolio_district", code)
