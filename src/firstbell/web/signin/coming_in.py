"""Where somebody goes who is in, and what their browser remembers."""

from typing import Final

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from firstbell.domain.districts.models import District

SITE: Final = "site"
"""The cookie by which a browser remembers its district; it says nothing of whoever signed in."""
A_YEAR: Final = 365 * 24 * 60 * 60


def own_page(district: District, wanted: object) -> str:
    """The page of the district that somebody was on the way to; else its first."""
    first = reverse("web:home", args=[district.code])
    if isinstance(wanted, str) and wanted.startswith(first) and url_has_allowed_host_and_scheme(wanted, None):
        return wanted
    return first


def remember(response: HttpResponse, district: District) -> None:
    """This browser knows its district from now on."""
    response.set_cookie(SITE, district.code, max_age=A_YEAR, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
