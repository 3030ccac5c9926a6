"""What a district asks of those who sign in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.bands import BANDS, LONGEST_RULE, SHORTEST, length_of
from firstbell.domain.accounts.lasting import GROUPS, LEAST_HOURS, MOST_HOURS, hours_of
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.districts.models import District, FirstLogIn
from firstbell.domain.districts.rules import (
    LEAST_DAYS,
    MOST_DAYS,
    ask_for_lengths,
    ask_for_second_factor,
    give_first_log_ins,
    keep_removed,
    limit_sessions,
)
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside


class RulesForm(forms.Form):
    """One rule a field."""

    second_factor = forms.BooleanField(
        label="District and IT administrators need a second step",
        required=False,
        help_text="Who has none yet is led to set one up with the next click.",
    )

    first_log_in = forms.ChoiceField(
        label="Who comes in a list without a password gets",
        choices=FirstLogIn.choices,
        required=False,  # what is not said stays
        widget=forms.RadioSelect,
        help_text="It is offered on the page of the list when it has ended, for all of them at once.",
    )

    retention_days = forms.IntegerField(
        label="Days for which somebody who was removed can be restored",
        min_value=LEAST_DAYS,
        max_value=MOST_DAYS,
        required=False,
        help_text="After that they are erased for good: from the roster, the runs’ folders and the files of cases. With"
        " fewer days, who left longer ago is erased tonight.",
    )

    def __init__(self, *args: Any, district: District, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for band in BANDS:
            self.fields[band.name] = forms.IntegerField(
                label=f"{band.label}: least characters of a password",
                min_value=SHORTEST,
                max_value=LONGEST_RULE,
                initial=length_of(district, band),
            )
        for group in GROUPS:
            self.fields[group.name] = forms.IntegerField(
                label=f"{group.label}: hours until they sign in again",
                min_value=LEAST_HOURS,
                max_value=MOST_HOURS,
                required=False,  # what is not said stays
                initial=hours_of(district, group),
            )

    def lengths(self) -> list[forms.BoundField]:
        """The fields of students' passwords."""
        return [self[band.name] for band in BANDS]

    def hours(self) -> list[forms.BoundField]:
        """The fields of sessions."""
        return [self[group.name] for group in GROUPS]


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_rules(visit: Visit) -> HttpResponse:
    """The rules, and the form that changes them."""
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    district, posted = visit.district, visit.request.method == "POST"
    initial = {
        "second_factor": district.administrators_need_second_factor,
        "first_log_in": district.first_log_in,
        "retention_days": district.retention_days,
    }
    form = RulesForm(visit.request.POST if posted else None, initial=initial, district=district)
    if posted and form.is_valid():
        wanted, by = form.cleaned_data, visit.viewer.actor
        ask_for_second_factor(district, of_administrators=wanted["second_factor"], by=by)
        ask_for_lengths(district, {band.name: wanted[band.name] for band in BANDS}, by=by)
        if wanted["first_log_in"]:
            give_first_log_ins(district, FirstLogIn(wanted["first_log_in"]), by=by)
        if wanted["retention_days"] and wanted["retention_days"] != district.retention_days:
            keep_removed(district, wanted["retention_days"], by=by)
        hours = {group.name: wanted[group.name] or hours_of(district, group) for group in GROUPS}
        if hours != {group.name: hours_of(district, group) for group in GROUPS}:
            limit_sessions(district, hours, by=by)
        messages.success(visit.request, "The rules are set.")
        return redirect(visit.url("sign_in_rules"))
    context = {"form": form, "crumbs": [Crumb("Members", visit.url("members"))]}
    return show(visit, "accounts/rules.html", context, room="members", status=422 if posted else 200)
