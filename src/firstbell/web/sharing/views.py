"""The Programs page: who reads the roster by OneRoster, letting another in, and shutting one out."""

from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.advice.queries import list_licensed
from firstbell.domain.sharing.access import find_client, list_clients
from firstbell.domain.sharing.actions import NAME_MOST, NewClient, add_client, revoke_client
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS, Scope
from firstbell.domain.sharing.webhooks import count_not_taken
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside

ROOTS = (("OneRoster 1.2", "ims/oneroster/rostering/v1p2"), ("OneRoster 1.1", "ims/oneroster/v1p1"))


class ProgramLine(NamedTuple):
    """One program on the page."""

    client: ApiClient
    demographics: bool
    revoke_url: str
    grant_url: str
    launch_url: str
    messages_url: str
    not_taken: int
    reads: str


class ProgramForm(forms.Form):
    """A program that is let in."""

    name = forms.CharField(label="What people call it", max_length=NAME_MOST)
    demographics = forms.BooleanField(
        label="It also reads what families reported: birth date, sex, origin",
        required=False,
        help_text="Only where the program cannot do without.",
    )

    def __init__(self, *args: object, may_demographics: bool, **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        if not may_demographics:
            del self.fields["demographics"]


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def programs(visit: Visit) -> HttpResponseBase:
    """All programs. After one was let in its secret is on the answer, and never again."""
    clients = list_clients(visit.viewer)
    posted = visit.request.method == "POST"
    may_demographics = visit.viewer.may(Permission.VIEW_DEMOGRAPHICS)
    form = ProgramForm(visit.request.POST if posted else None, may_demographics=may_demographics)
    made: NewClient | None = None
    if posted and form.is_valid():
        chosen = [Scope.CORE, Scope.ROSTER, *([Scope.DEMOGRAPHICS] if form.cleaned_data.get("demographics") else [])]
        scopes = [uri for uri, (_, scope) in SCOPE_URIS.items() if scope in chosen]
        made = add_client(visit.district, form.cleaned_data["name"], scopes, by=visit.viewer.actor)
        clients, form = list_clients(visit.viewer), ProgramForm(may_demographics=may_demographics)
    not_taken = count_not_taken(visit.district)
    context = {
        "form": form,
        "over": [one for one in list_licensed(visit.district) if one.over],
        "made": made,
        "lines": [_line(visit, client, not_taken[client.pk]) for client in clients],
        "roots": [(label, visit.request.build_absolute_uri(f"/{root}")) for label, root in ROOTS],
        "log_url": visit.url("program_log"),
        "token_url": visit.request.build_absolute_uri("/oauth/token"),
    }
    status = 422 if posted and made is None else 200
    response = show(visit, "sharing/programs.html", context, room="programs", status=status)
    response["Cache-Control"] = "no-store"
    return response


def _line(visit: Visit, client: ApiClient, not_taken: int) -> ProgramLine:
    scopes = [SCOPE_URIS[scope][1] for scope in client.scopes if scope in SCOPE_URIS]
    return ProgramLine(
        client,
        Scope.DEMOGRAPHICS in scopes and "demographics" not in client.hidden,
        visit.url("program_revoke", client.pk),
        visit.url("program_grant", client.pk),
        visit.url("program_launch", client.pk),
        visit.url("program_messages", client.pk),
        not_taken,
        reads_in_words(client),
    )


def reads_in_words(client: ApiClient) -> str:
    """What of the roster it sees."""
    if not client.grant_version:
        return "The whole district"
    until = f", until {client.ends:%-d %B %Y}" if client.ends else ""
    return f"What its grant says (version {client.grant_version}){until}"


@require_POST
@inside
def revoke(visit: Visit, client_id: int) -> HttpResponseBase:
    """Shut a program out."""
    client = find_client(visit.viewer, client_id)
    revoke_client(client, by=visit.viewer.actor)
    messages.success(visit.request, f"{client.name} reads nothing any more.")
    return redirect(visit.url("programs"))
