"""What a person sees where the domain says no: one table from error to answer."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from firstbell.domain.accounts.access import NoSuchMember, NotAllowed
from firstbell.domain.advice.access import NoSuchRequest
from firstbell.domain.assisted.access import NoSuchCase
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.imports.access import NoSuchRun
from firstbell.domain.roster.access import NotThere
from firstbell.domain.sharing.access import NoSuchClient

REFUSALS: Final[dict[type[Exception], int]] = {
    NoSuchDistrict: 404,
    NotThere: 404,
    NoSuchMember: 404,
    NoSuchRun: 404,
    NoSuchClient: 404,
    NoSuchRequest: 404,
    NoSuchCase: 404,
    NotAllowed: 403,
}
"""Not there and not yours are the same answer."""


def refuse(request: HttpRequest, error: Exception) -> HttpResponse:
    """The page for an error of the table, which says nothing about what was asked for."""
    status = next(status for kind, status in REFUSALS.items() if isinstance(error, kind))
    return render(request, f"{status}.html", status=status)
