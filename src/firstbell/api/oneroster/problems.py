"""What a product is told where it is not answered: the status objects of each version (1.2: REST binding 4.2)."""

import json
from http import HTTPStatus
from typing import Final, NamedTuple

import structlog
from django.http import HttpResponse

from firstbell.domain.sharing.access import NotAClient, NotGranted
from firstbell.domain.sharing.oneroster.feed import DAYS, CursorTooOld
from firstbell.domain.sharing.oneroster.refused import BadQuestion, NothingThere
from firstbell.domain.sharing.oneroster.version import Version
from firstbell.domain.sharing.pace import TooFast

log = structlog.get_logger(__name__)


class ScopeTooSmall(Exception):
    """The token does not open this; the text names the scope that would."""


class NotARead(Exception):
    """Rostering is read only."""


class Kind(NamedTuple):
    """The answer for one kind of error: its HTTP status, and its minor code in 1.1 and in 1.2."""

    status: HTTPStatus
    v1p1: str
    v1p2: str
    text: str = ""


BAD_DATA = Kind(HTTPStatus.BAD_REQUEST, "invalid data", "invaliddata")
BY_PARAMETER: Final = {
    "filter": Kind(HTTPStatus.BAD_REQUEST, "invalid_filter_field", "invalid_filter_field"),
    "fields": Kind(HTTPStatus.BAD_REQUEST, "invalid_selection_field", "invalid_selection_field"),
    "sort": Kind(HTTPStatus.BAD_REQUEST, "invalid_sort_field", "invalid_sort_field"),
}
PROBLEMS: Final[dict[type[Exception], Kind]] = {
    NotAClient: Kind(
        HTTPStatus.UNAUTHORIZED,
        "unauthorized",
        "unauthorisedrequest",
        "The token is missing, unknown or has ended: ask for one at /oauth/token.",
    ),
    ScopeTooSmall: Kind(HTTPStatus.FORBIDDEN, "forbidden", "forbidden"),
    TooFast: Kind(HTTPStatus.TOO_MANY_REQUESTS, "server_busy", "server_busy"),
    NotGranted: Kind(HTTPStatus.FORBIDDEN, "forbidden", "forbidden"),
    NothingThere: Kind(
        HTTPStatus.NOT_FOUND, "unknown object", "unknownobject", "There is nothing here that this client may read."
    ),
    CursorTooOld: Kind(
        HTTPStatus.GONE,
        "unknown object",
        "unknownobject",
        f"This cursor is older than {DAYS} days: take a new one, then read all lists.",
    ),
    NotARead: Kind(HTTPStatus.METHOD_NOT_ALLOWED, "invalid data", "invaliddata", "Rostering is read with GET."),
}
FAULT = Kind(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "internal_server_error",
    "internal_server_error",
    "A fault of Firstbell stopped the question.",
)


def refuse(version: Version, error: Exception) -> HttpResponse:
    """The answer for an error; one that is not in the tables is a fault of ours, and is logged."""
    if isinstance(error, BadQuestion):
        kind, text = BY_PARAMETER.get(error.parameter, BAD_DATA), f"{error.parameter}: {error}"
    else:
        found = PROBLEMS.get(type(error))
        if found is None:
            log.error("question-failed", exc_info=error)
        kind = found or FAULT
        text = kind.text or str(error)
    body = _of_1p1(kind, text) if version is Version.V1P1 else _of_1p2(kind, text)
    response = HttpResponse(json.dumps(body), status=kind.status, content_type="application/json")
    response["Cache-Control"] = "no-store"
    if kind.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Firstbell"'
    if isinstance(error, TooFast):
        response["Retry-After"] = str(error.wait)
    if kind.status == HTTPStatus.METHOD_NOT_ALLOWED:
        response["Allow"] = "GET, HEAD"
    return response


def _of_1p1(kind: Kind, text: str) -> dict[str, object]:
    return {
        "statusInfoSet": [
            {
                "imsx_codeMajor": "failure",
                "imsx_severity": "error",
                "imsx_codeMinor": kind.v1p1,
                "imsx_description": text,
            }
        ]
    }


def _of_1p2(kind: Kind, text: str) -> dict[str, object]:
    return {
        "imsx_codeMajor": "failure",
        "imsx_severity": "error",
        "imsx_description": text,
        "imsx_CodeMinor": {
            "imsx_codeMinorField": [
                {"imsx_codeMinorFieldName": "TargetEndSystem", "imsx_codeMinorFieldValue": kind.v1p2}
            ]
        },
    }
