"""Sessions end after the hours that the district gives to what somebody is, counted from when they signed in."""

import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from firstbell.domain.accounts.lasting import session_hours
from firstbell.domain.accounts.models import Account

UNTIL: Final = "lasts_until"
OVER: Final = "You were signed in for as long as your district allows. Sign in again to go on."


def note_end(sender: object, request: HttpRequest, user: Account, **_: Any) -> None:
    """Somebody is signed in, by whatever way."""
    request.session[UNTIL] = int(time.time()) + session_hours(user) * 60 * 60


user_logged_in.connect(note_end, dispatch_uid="firstbell.signin.lasting")


class SessionsEnd:
    """Middleware: whose time is over is signed out before any page answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Ask only of who brings a session."""
        until = request.session.get(UNTIL) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
        if until is None or until > time.time():
            return self.get_response(request)
        logout(request)
        if "HX-Request" in request.headers:
            return HttpResponse(status=401)
        messages.warning(request, OVER)
        return redirect("web:front_door")
