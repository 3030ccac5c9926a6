"""Pages of the desk with a form: putting a value right, answering what many cases share, saved words, a new case."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.advice.queries import list_licensed, list_products
from firstbell.domain.assisted.access import NoSuchCase, access_case_at_desk, access_own_case_at_desk
from firstbell.domain.assisted.actions import answer_finding, correct_value
from firstbell.domain.assisted.models import Line
from firstbell.domain.assisted.opening import BadCase, find_pattern, list_contacts_here, open_on_behalf
from firstbell.domain.assisted.queries import Asked, list_lines, list_replies
from firstbell.domain.assisted.thread import LONGEST_TEXT, LONGEST_TITLE, BadText, Said, drop_reply, save_reply
from firstbell.domain.districts.queries import find_district, today_of
from firstbell.engine.catalogue import CATALOGUE
from firstbell.engine.corrections.kinds import ReplaceValues
from firstbell.engine.csvfile import names_a_secret
from firstbell.web.cases.forms import WishForm
from firstbell.web.components.shapes import Crumb
from firstbell.web.desk.door import LATE, at_desk
from firstbell.web.listing import id_in
from firstbell.web.staff.views import actor_of

MOST_LINES = 1000
BOTH = require_http_methods(["GET", "HEAD", "POST"])


class CorrectForm(forms.Form):
    """A value of a column, and what it should be."""

    file = forms.CharField(label="File", max_length=255)
    column = forms.CharField(label="Column", max_length=255)
    before = forms.CharField(label="What stands there", max_length=500, strip=False, help_text="To the letter.")
    after = forms.CharField(label="What it should be", max_length=500, required=False, help_text="Blank empties it.")
    why = forms.CharField(label="Why", max_length=1000, help_text="The district reads it.")

    def clean(self) -> dict[str, Any]:
        """Passwords are nobody's to see or write."""
        cleaned = super().clean() or {}
        if names_a_secret(cleaned.get("column", "")):
            self.add_error("column", "Passwords are not put right here. Return the case.")
        if cleaned.get("before") is not None and cleaned.get("before") == cleaned.get("after"):
            self.add_error("after", "This is what stands there already.")
        return cleaned


@BOTH
@at_desk
def correct(request: HttpRequest, staff: StaffMembership, code: str, case_id: int) -> HttpResponse:
    """Put a value right, with a note to the district."""
    district, case = access_case_at_desk(staff, code, case_id)
    posted = request.method == "POST"
    form = CorrectForm(request.POST) if posted else CorrectForm(initial=request.GET.dict())
    try:
        access_own_case_at_desk(staff, code, case_id)
        if posted and form.is_valid():
            asked = form.cleaned_data
            correction = ReplaceValues(asked["file"], asked["column"], ((asked["before"], asked["after"]),))
            correct_value(district, case, correction, asked["why"], now=timezone.now(), by=actor_of(staff))
            messages.success(request, "Firstbell reads the files again. The district is told.")
            return redirect("web:desk_case", code, case_id)
    except LATE as late:
        messages.info(request, str(late))
        return redirect("web:desk_case", code, case_id)
    back = reverse("web:desk_case", args=[code, case_id])
    crumbs = [Crumb("Cases", reverse("web:desk")), Crumb(f"Case {case_id}", back), Crumb("Put a value right")]
    return render(request, "desk/correct.html", {"form": form, "crumbs": crumbs}, status=422 if posted else 200)


@BOTH
@at_desk
def shared_findings(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """What the plans that wait have in common, and one answer to all of them."""
    if request.method == "POST":
        wanted = [case_id for text in request.POST.getlist("case") if (case_id := id_in(text))]
        said = Said(request.POST.get("text", ""), request.POST.get("code", ""), request.POST.get("file", ""))
        try:
            told = answer_finding(wanted, said, staff, by=actor_of(staff))
            messages.success(request, f"Sent to {len(told)} of {len(wanted)} cases.")
        except LATE as late:
            messages.info(request, str(late))
        return redirect("web:desk_findings")
    crumbs = [Crumb("Cases", reverse("web:desk")), Crumb("Findings of many cases")]
    return render(request, "desk/findings.html", {"causes": _causes(), "crumbs": crumbs})


def _causes() -> list[tuple[str, str, list[tuple[Line, str]], int, str]]:
    """Each kind of finding with the cases that have it; what most of them have comes first."""
    cases: dict[tuple[str, str], list[tuple[Line, str]]] = {}
    counts: dict[tuple[str, str], int] = {}
    for line in list_lines(Asked(), limit=MOST_LINES):
        url = reverse("web:desk_case", args=[line.district.code, line.case_id])
        for cause in line.causes:
            place = (str(cause["code"]), str(cause["file"]))
            cases.setdefault(place, []).append((line, url))
            counts[place] = counts.get(place, 0) + int(cause["count"])
    order = sorted(cases, key=lambda place: (-len(cases[place]), place))
    return [(code, file, cases[code, file], counts[code, file], _sentence(code)) for code, file in order]


def _sentence(code: str) -> str:
    entry = CATALOGUE.get(code)
    return entry.remedy.replace("{", "").replace("}", "") if entry else ""


class ReplyForm(forms.Form):
    """Words to save."""

    title = forms.CharField(label="Title", max_length=LONGEST_TITLE)
    text = forms.CharField(label="Words", max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 4}))


@BOTH
@at_desk
def saved_replies(request: HttpRequest, staff: StaffMembership) -> HttpResponse:
    """Words that are written often."""
    dropped = id_in(request.POST.get("drop", ""))
    form = ReplyForm(request.POST if request.method == "POST" and dropped is None else None)
    if dropped is not None:
        drop_reply(dropped, staff, by=actor_of(staff))
        return redirect("web:desk_replies")
    if form.is_valid():
        try:
            save_reply(form.cleaned_data["title"], form.cleaned_data["text"], staff, by=actor_of(staff))
            return redirect("web:desk_replies")
        except BadText as problem:
            form.add_error(None, str(problem))
    crumbs = [Crumb("Cases", reverse("web:desk")), Crumb("Saved words")]
    context = {"replies": list_replies(), "form": form, "crumbs": crumbs}
    return render(request, "desk/replies.html", context, status=422 if form.is_bound else 200)


@BOTH
@at_desk
def open_case(request: HttpRequest, staff: StaffMembership, code: str) -> HttpResponse:
    """Open a case for a district that asked by telephone, say."""
    district = find_district(code)
    if district is None or not district.lets_staff_in:
        raise NoSuchCase(code)
    now, posted = timezone.now(), request.method == "POST"
    before = find_pattern(district, now=now)
    initial = {"schools": "\n".join(before.schools), "products": before.products, "form": before.form} if before else {}
    form = WishForm(
        request.POST if posted else None,
        contacts=list_contacts_here(district),
        products=[one.product for one in list_licensed(district)] or list_products(),
        today=today_of(district),
        initial=initial,
    )
    if posted and form.is_valid():
        wish = form.wish(request.build_absolute_uri("/").rstrip("/"))
        try:
            case = open_on_behalf(district, wish, staff, now=now, by=actor_of(staff))
        except BadCase as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        except BadText as problem:
            form.add_error("message", str(problem))
        else:
            return redirect("web:desk_case", code, case.pk)
    title = f"Open a case for {district.name}"
    crumbs = [Crumb("Cases", reverse("web:desk")), Crumb(title)]
    context = {"form": form, "district": district, "title": title, "crumbs": crumbs}
    return render(request, "desk/open.html", context, status=422 if posted else 200)
