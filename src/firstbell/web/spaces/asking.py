"""A school or district asks for its own space."""

from typing import Final
from zoneinfo import available_timezones

from allauth.account.adapter import get_adapter
from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from firstbell.domain.accounts.spaces import (
    TooManyAsked,
    ask_for_space,
    district_of,
    opens_at_once,
    takes_requests,
)
from firstbell.domain.accounts.throttle import TooManyGuesses, count_asking
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.roster.editing.beginning import GRADES, grades_between
from firstbell.web.accounts.inviting import send_invitation
from firstbell.web.refusals import refuse
from firstbell.web.spaces.opening import open_and_prepare
from firstbell.web.words import grades_in_words

US_FIRST: Final = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)
PLACES: Final = (*US_FIRST, *sorted(zone for zone in available_timezones() - set(US_FIRST) if "/" in zone))
ONE, SEVERAL = "one", "several"
GRADE_CHOICES: Final = [("", "Choose"), *((grade, grades_in_words([grade])) for grade in GRADES)]
TOO_OFTEN = "From where you are, this was asked for often today. Try again in a quarter of an hour."


class SpaceForm(forms.Form):
    """Who asks, for which school or district."""

    name = forms.CharField(label="School or district", max_length=200)
    nces_number = forms.CharField(
        label="NCES number",
        required=False,
        validators=[RegexValidator(r"^(\d{7}|\d{12})$", "An NCES number has 7 digits, or 12 for a school.")],
        help_text="If you have one: 7 digits for a district, 12 for a school. It helps us to see that it is you.",
    )
    time_zone = forms.ChoiceField(label="Time zone", choices=[(zone, zone.replace("_", " ")) for zone in PLACES])
    person_name = forms.CharField(label="Your name", max_length=200)
    email = forms.EmailField(label="Your e-mail address", help_text="At your school or district.")
    kind = forms.ChoiceField(
        label="What is it?",
        choices=[(ONE, "One school"), (SEVERAL, "A district of several schools")],
        widget=forms.RadioSelect,
        initial=ONE,
        help_text="One school finds itself, this school year and a homeroom for each grade ready.",
    )
    lowest = forms.ChoiceField(label="Lowest grade, of one school", choices=GRADE_CHOICES, required=False)
    highest = forms.ChoiceField(label="Highest grade, of one school", choices=GRADE_CHOICES, required=False)
    name.widget.attrs |= {"autocomplete": "organization"}
    person_name.widget.attrs |= {"autocomplete": "name"}
    email.widget.attrs |= {"autocomplete": "email"}

    def clean(self) -> None:
        """One school says which grades it has."""
        if self.cleaned_data.get("kind") != ONE:
            return
        lowest, highest = self.cleaned_data.get("lowest"), self.cleaned_data.get("highest")
        for name, grade in (("lowest", lowest), ("highest", highest)):
            if not grade and name not in self.errors:
                self.add_error(name, "Choose a grade, so that its homeroom can be ready.")
        if lowest and highest and not grades_between(lowest, highest):
            self.add_error("highest", "It is below the lowest grade. Choose a higher one.")

    def grades(self) -> tuple[str, ...]:
        """Of one school; none for a district."""
        entered = self.cleaned_data
        return grades_between(entered["lowest"], entered["highest"]) if entered["kind"] == ONE else ()


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """The form; then who has the next step."""
    if not takes_requests():
        return refuse(request, NoSuchDistrict())
    form = SpaceForm(request.POST or None)
    if form.is_valid():
        try:
            count_asking(get_adapter(request).get_client_ip(request))
            return _answer(request, form)
        except (TooManyGuesses, TooManyAsked):
            form.add_error(None, TOO_OFTEN)
            return render(request, "spaces/ask.html", {"form": form}, status=429)
    return render(request, "spaces/ask.html", {"form": form}, status=422 if form.is_bound else 200)


def _answer(request: HttpRequest, form: SpaceForm) -> HttpResponse:
    entered = form.cleaned_data
    asked = ask_for_space(
        entered["name"],
        entered["person_name"],
        entered["email"],
        time_zone=entered["time_zone"],
        nces_number=entered["nces_number"],
        is_one_school=entered["kind"] == ONE,
        grades=form.grades(),
    )
    if opens_at_once():
        invited = open_and_prepare(asked, by=SYSTEM)
        send_invitation(request, district_of(invited), invited)
    context = {"email": asked.email, "at_once": opens_at_once(), "name": asked.name}
    return render(request, "spaces/asked.html", context)
