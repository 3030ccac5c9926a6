"""Tokens of programs that manage the district by the API: who has one, making one, and taking one back."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.accounts.permissions import MEANINGS, Permission
from firstbell.domain.accounts.tokens import DAYS_MOST, NAME_MOST, BadToken, list_tokens, make_token, revoke_token
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside

DAYS = 90


class TokenForm(forms.Form):
    """A token that is made."""

    name = forms.CharField(label="What people call it", max_length=NAME_MOST, help_text="Such as: nightly import.")
    permissions = forms.MultipleChoiceField(label="What it may do", widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(label="For how many days", min_value=1, max_value=DAYS_MOST, initial=DAYS)

    def __init__(self, *args: object, may: frozenset[Permission], **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        self.fields["permissions"].choices = [(one.value, MEANINGS[one]) for one in Permission if one in may]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_tokens(visit: Visit) -> HttpResponseBase:
    """All tokens. After one was made it is on the answer, and never again."""
    tokens = list_tokens(visit.viewer)
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = TokenForm(posted, may=visit.viewer.permissions)
    secret = ""
    if posted is not None and form.is_valid():
        said = form.cleaned_data
        wanted = [Permission(one) for one in said["permissions"]]
        try:
            secret = make_token(visit.district, visit.viewer, said["name"], wanted, days=said["days"]).secret
        except BadToken as problem:
            form.add_error(None, str(problem))
        else:
            tokens, form = list_tokens(visit.viewer), TokenForm(may=visit.viewer.permissions)
    context = {
        "form": form,
        "secret": secret,
        "lines": [
            (
                one,
                [MEANINGS[Permission(may)] for may in one.permissions if may in set(Permission)],
                visit.url("token_revoke", one.pk),
            )
            for one in tokens
        ],
        "address": visit.request.build_absolute_uri("/api/manage/v1/openapi.json"),
        "crumbs": [Crumb("Members", visit.url("members"))],
    }
    status = 422 if posted is not None and not secret else 200
    response = show(visit, "accounts/tokens.html", context, room="members", status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@inside
def revoke(visit: Visit, given_id: int) -> HttpResponse:
    """Take a token back."""
    token = revoke_token(visit.district, visit.viewer, given_id)
    messages.success(visit.request, f"The token {token.name} opens nothing any more.")
    return redirect(visit.url("tokens"))
