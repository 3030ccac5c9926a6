"""Signing out: here always, and at the identity provider by one more click, where it has a way out.

Not by itself: a form of ours leads nowhere out of the house (our policy), and on a machine of one's own somebody may
want to stay signed in there.
"""

import base64
import binascii
from typing import Final

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealed_streams import Unsealable
from firstbell.domain.districts.sealing import seal, unseal
from firstbell.domain.signon.entering import Session
from firstbell.domain.signon.queries import find_connection
from firstbell.web.signon.session import MARK

OUT: Final = "signon_way_out"
"""Where a session keeps the address, sealed: it holds what names the provider's session."""
ABOUT: Final = "a way out at an identity provider"


def keep_way_out(request: HttpRequest, district: District, address: str) -> None:
    """Whoever is about to be signed in signs out there; blank for a provider that has no way out."""
    if address:
        request.session[OUT] = base64.b64encode(seal(district, address.encode(), name=ABOUT)).decode()
    else:
        request.session.pop(OUT, None)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """allauth's page; after it, for who came by single sign-on, the way out at the provider."""
    mark, sealed = request.session.get(MARK), request.session.get(OUT)
    response: HttpResponse = account.logout(request)
    if request.method != "POST" or mark is None or request.user.is_authenticated:
        return response
    came = Session(**mark)
    district = District.objects.filter(pk=came.district_id).first()
    connection = find_connection(district, came.connection_id) if district else None
    if district is None or connection is None:
        return response
    context = {
        "district": district,
        "connection": connection,
        "out_url": _opened(district, sealed) if sealed else "",
        "door_url": reverse("web:student_door", args=[district.code]),
    }
    return render(request, "signon/signed_out.html", context)


def _opened(district: District, sealed: str) -> str:
    try:
        return unseal(district, base64.b64decode(sealed), name=ABOUT).decode()
    except (Unsealable, binascii.Error):
        return ""
