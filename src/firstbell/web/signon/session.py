"""Sessions that began by single sign-on: they hold as long as the roster and the connection say, request by request.

A session is known as such by a mark in it, which is made when the sign-in is complete (after the second step, where the
account has one).
"""

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from firstbell.domain.accounts.models import Account
from firstbell.domain.districts.models import District
from firstbell.domain.signon.entering import Session, may_stay

BEGINS: Final = "signon_begins"
MARK: Final = "signon"
SECONDS: Final = 15 * 60
"""For so long a sign-in may wait for its second step."""
OVER: Final = "You are signed out: single sign-on does not let you in any more. Your school’s office can tell why."


def begin_session(request: HttpRequest, session: Session) -> None:
    """The session that somebody is about to get is one of single sign-on."""
    request.session[BEGINS] = {**asdict(session), "at": time.time()}


def began_for(request: HttpRequest, account: Account) -> bool:
    """Whether single sign-on is about to sign this account in."""
    begun = request.session.get(BEGINS)
    return bool(begun and begun["at"] > time.time() - SECONDS and begun["account_id"] == account.pk)


def mark_session(sender: object, request: HttpRequest, user: Account, **_: Any) -> None:
    """Somebody is signed in: by single sign-on, if that is what began; else whatever a session said before is over."""
    begun = request.session.pop(BEGINS, None)
    if begun and begun.pop("at") > time.time() - SECONDS and begun["account_id"] == user.pk:
        request.session[MARK] = begun
    else:
        request.session.pop(MARK, None)


user_logged_in.connect(mark_session, dispatch_uid="firstbell.signon.mark")


class SignOnSessions:
    """Middleware: who came by single sign-on and may not stay is signed out before any page answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask only of who has a session with the mark."""
        mark = request.session.get(MARK) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if mark is None or not request.user.is_authenticated:
            return self.get_response(request)
        session = Session(**mark)
        district = District.objects.filter(pk=session.district_id).first()
        if district and request.user.pk == session.account_id and may_stay(district, session, now=timezone.now()):
            return self.get_response(request)
        logout(request)
        if "HX-Request" in request.headers:
            return HttpResponse(status=401)
        messages.warning(request, OVER)
        return redirect("web:student_door", district.code) if district else redirect("web:front_door")
