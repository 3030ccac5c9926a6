"""What somebody sees who comes back from an identity provider: their district, or that they are not in."""

from collections.abc import Mapping
from typing import Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from firstbell.domain.districts.models import District
from firstbell.domain.signon.actions import note_tested
from firstbell.domain.signon.deciding import Claims, Refusal, decide, text_of
from firstbell.domain.signon.entering import Session, let_in, note_failed, note_refused
from firstbell.domain.signon.models import Connection
from firstbell.domain.signon.queries import find_offered
from firstbell.web.signin.coming_in import own_page, remember
from firstbell.web.signon.leaving import keep_way_out
from firstbell.web.signon.session import begin_session

TESTED: Final = "signon_tested"
"""Where a session keeps what a test sign-in found, for the one page that shows it."""
MOST_CLAIMS, LONGEST_CLAIM = 60, 300


def answer(
    request: HttpRequest,
    district: District,
    connection: Connection,
    *,
    claims: Claims,
    subject: str,
    out: str,
    state: Mapping[str, Any],
) -> HttpResponse:
    """The provider says who somebody is. ``out``: where they sign out there, blank where it has none."""
    if is_test(state):
        return _tested(request, district, connection, claims, subject)
    now = timezone.now()
    if find_offered(district, connection.pk) is None:
        return not_in(request, district, connection)
    try:
        found = decide(district, connection, claims, subject, now=now)
        account = let_in(district, connection, found, now=now)
    except Refusal as refusal:
        return not_in(request, district, connection, number=note_refused(district, connection, refusal, now=now).pk)
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
    begin_session(request, Session(district.pk, connection.pk, found.person.id, account.pk))
    keep_way_out(request, district, out)
    response: HttpResponse = perform_login(
        request, account, email_verification="none", redirect_url=own_page(district, state.get("next"))
    )
    remember(response, district)
    return response


def answer_to_failure(
    request: HttpRequest,
    district: District,
    connection: Connection,
    *,
    says: str,
    remedy: str,
    state: Mapping[str, Any] | None,
) -> HttpResponse:
    """The way there and back came to nothing. What came without a way there (an old tab) is not written down."""
    if is_test(state or {}):
        _keep(request, connection, says=says, remedy=remedy)
        return redirect("web:sign_on_tested", district.code, connection.pk)
    number = note_failed(district, connection, says, remedy, now=timezone.now()).pk if says and state else None
    return not_in(request, district, connection, number=number)


def not_in(
    request: HttpRequest, district: District, connection: Connection, *, number: int | None = None
) -> HttpResponse:
    """They are not signed in. Why is the administrator's to read; the number finds it."""
    context = {"district": district, "connection": connection, "number": number}
    return render(request, "signon/not_in.html", context, status=403)


def is_test(state: Mapping[str, Any]) -> bool:
    """Whether an administrator tries the way."""
    return bool((state.get("data") or {}).get("is_test"))


def take_tested(request: HttpRequest, connection: Connection) -> dict[str, Any] | None:
    """What a test sign-in by this connection found, once."""
    found: dict[str, Any] | None = request.session.pop(TESTED, None)
    return found if found and found["connection"] == connection.pk else None


def _tested(
    request: HttpRequest, district: District, connection: Connection, claims: Claims, subject: str
) -> HttpResponse:
    """Nobody is signed in by a test; the page that shows what it found asks who looks."""
    shown = [(name, _in_words(claims[name])) for name in sorted(claims)][:MOST_CLAIMS]
    now = timezone.now()
    try:
        found = decide(district, connection, claims, subject, now=now)
    except Refusal as refusal:
        _keep(
            request,
            connection,
            claims=shown,
            says=refusal.says,
            remedy=refusal.remedy,
            value=refusal.value,
            person_id=refusal.person_id,
        )
    else:
        note_tested(district, connection, now=now)
        _keep(request, connection, claims=shown, value=found.value, person_id=found.person.id)
    return redirect("web:sign_on_tested", district.code, connection.pk)


def _keep(request: HttpRequest, connection: Connection, **found: object) -> None:
    request.session[TESTED] = {"connection": connection.pk, **found}


def _in_words(said: object) -> str:
    return (text_of(said) or str(said))[:LONGEST_CLAIM]
