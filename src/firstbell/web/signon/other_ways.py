"""Who has to come in by single sign-on does not come in by e-mail and password."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from firstbell.domain.accounts.adapter import NoSignUp
from firstbell.domain.accounts.models import Account
from firstbell.domain.districts.models import District
from firstbell.domain.signon.models import Connection
from firstbell.domain.signon.passwords import comes_only_by
from firstbell.web.signon.session import began_for


def only_by(connection: Connection) -> str:
    """What somebody reads who came by another way."""
    return f"You sign in with {connection.name} here, and not with a password."


class ByTheRightDoor(NoSignUp):
    """Our adapter, with a look at which door somebody has come by."""

    def pre_login(self, request: HttpRequest, user: Account, **named: Any) -> HttpResponse | None:
        """Before anybody is signed in by allauth: by e-mail, by a passkey, and by a provider."""
        connection = None if began_for(request, user) else comes_only_by(user)
        if connection is not None:
            clear_login(request)
            messages.warning(request, only_by(connection))
            return redirect("web:student_door", District.objects.get(pk=connection.district_id).code)
        response: HttpResponse | None = super().pre_login(request, user, **named)
        return response
