"""What one is told of by mail, and the district's program that is told too."""

from typing import Any, cast
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.sources.letters import choose, kinds_for, kinds_of, set_webhook
from firstbell.domain.sources.models import NoticeKind, Webhook
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside


class ChoiceForm(forms.Form):
    """Of what somebody wants to be told."""

    kinds = forms.MultipleChoiceField(
        label="Write to me when",
        required=False,
        choices=NoticeKind.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Letters speak of sources, runs and numbers, never of a student.",
    )

    def __init__(self, *args: Any, possible: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.MultipleChoiceField", self.fields["kinds"])
        field.choices = [choice for choice in NoticeKind.choices if choice[0] in possible]


class ProgramForm(forms.Form):
    """Where a program of the district listens."""

    url = forms.CharField(
        label="Address of the program",
        required=False,
        max_length=2000,
        help_text="An https address that takes a POST with JSON. Blank for none.",
    )

    def clean_url(self) -> str:
        """Whether it can be one; whether it may be reached is looked at when it is."""
        url = str(self.cleaned_data["url"]).strip()
        parts = urlsplit(url)
        if url and (not parts.hostname or (parts.scheme != "https" and parts.hostname not in _named())):
            raise forms.ValidationError("Write an address such as https://hooks.example.org/firstbell.")
        return url


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_notices(visit: Visit) -> HttpResponseBase:
    """One's own choice, and the program."""
    ensure_may(visit.viewer, Permission.VIEW_RUNS)
    posted = visit.request.POST if visit.request.method == "POST" else None
    form = _choice(visit, posted)
    if posted is not None and form.is_valid():
        choose(visit.district, visit.account, form.cleaned_data["kinds"], by=visit.viewer.actor)
        messages.success(visit.request, "Saved.")
        return redirect(visit.url("notices"))
    program = ProgramForm(initial={"url": _url(visit)})
    return _page(visit, form, program, status=422 if posted is not None else 200)


@require_POST
@inside
def change_program(visit: Visit) -> HttpResponse:
    """Set the program; the secret that signs is shown on this page and never again."""
    ensure_may(visit.viewer, Permission.MANAGE_SOURCES)
    program = ProgramForm(visit.request.POST)
    if not program.is_valid():
        return _page(visit, _choice(visit), program, status=422)
    secret = set_webhook(visit.district, program.cleaned_data["url"], by=visit.viewer.actor)
    if not secret:
        messages.success(visit.request, "No program is told any more.")
        return redirect(visit.url("notices"))
    return _page(visit, _choice(visit), program, secret=secret)


def _choice(visit: Visit, posted: QueryDict | None = None) -> ChoiceForm:
    role = visit.viewer.role
    chosen = {"kinds": sorted(kinds_of(visit.district, visit.account, role))}
    return ChoiceForm(posted, initial=chosen, possible=kinds_for(role))


def _page(visit: Visit, form: ChoiceForm, program: ProgramForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    sets_sources = visit.viewer.may(Permission.MANAGE_SOURCES)
    hook = Webhook.objects.filter(district_id=visit.district.pk).first() if sets_sources else None
    context = {
        "form": form,
        "program": program if sets_sources else None,
        "of_a_school": not sets_sources,
        "program_url": visit.url("notices_program"),
        "trouble": hook.trouble if hook else "",
        "secret": secret,
        "sends_mail": settings.FIRSTBELL_SENDS_MAIL,
        "email": visit.account.email,
        "crumbs": [Crumb("Sources", visit.url("sources")) if sets_sources else Crumb("Runs", visit.url("runs"))],
    }
    room = "sources" if sets_sources else "runs"
    return show(visit, "sources/notices.html", context, room=room, status=status)


def _url(visit: Visit) -> str:
    hook = Webhook.objects.filter(district_id=visit.district.pk).first()
    return hook.url if hook else ""


def _named() -> frozenset[str]:
    return frozenset(settings.FIRSTBELL_REACHABLE_HOSTS)
