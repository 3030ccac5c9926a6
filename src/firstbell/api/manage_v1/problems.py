"""What the API says where the domain says no: problem+json (RFC 9457), by one table from error to status."""

from http import HTTPStatus
from typing import Final, NamedTuple

import structlog
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from firstbell.api.manage_v1.bodies import FIELDS
from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.second_factor import SecondFactorMissing
from firstbell.domain.advice.advising import NothingKnown
from firstbell.domain.advice.answers import BadAnswer
from firstbell.domain.assisted.access import NoSuchCase, NotYours
from firstbell.domain.assisted.opening import BadCase
from firstbell.domain.assisted.states import NotNow as CaseNotNow
from firstbell.domain.assisted.thread import BadText
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.imports.access import NoSuchRun
from firstbell.domain.imports.states import NotNow
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.refusals import ChangedMeanwhile, Locked, NotGood, Refused
from firstbell.domain.sources.actions import NotSo

MEDIA_TYPE = "application/problem+json"
log = structlog.get_logger(__name__)


class RoleNotChosen(Exception):
    """Somebody with several roles in the district has not said as which of them they come."""


class TooLarge(Exception):
    """The package is larger than this installation takes."""


class NoSourceName(Exception):
    """The name of the source is blank or too long."""


class KeyUsed(Exception):
    """An Idempotency-Key cannot be one, or was used for another request."""


class StillAtIt(Exception):
    """The first request by an Idempotency-Key is still at work."""


class Changed(Exception):
    """What `If-Match` named is not so any more."""


class Problem(Schema):
    """Why a request was not done (RFC 9457)."""

    type: str = Field(description="A name for this kind of problem that does not change.")
    title: str = Field(description="What kind of problem it is.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened, in a sentence for people.")
    errors: list[str] = Field(default=[], description="Where the request itself is wrong: each place and its fault.")


class Kind(NamedTuple):
    """The answer for one kind of error. A blank ``detail``: the error's own text is for people."""

    status: HTTPStatus
    name: str
    detail: str = ""


ANSWERS = {401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}
"""What every address of a district may answer instead."""
PROBLEMS: Final[dict[type[Exception], Kind]] = {
    NoSuchDistrict: Kind(HTTPStatus.NOT_FOUND, "not-there", "There is nothing here that you may see."),
    NoSuchRun: Kind(HTTPStatus.NOT_FOUND, "not-there", "There is nothing here that you may see."),
    NotAllowed: Kind(HTTPStatus.FORBIDDEN, "not-allowed", "Your role in this district does not include this."),
    SecondFactorMissing: Kind(
        HTTPStatus.FORBIDDEN, "second-step-missing", "Set up a second step for signing in on the pages first."
    ),
    NotNow: Kind(HTTPStatus.CONFLICT, "not-now"),
    RoleNotChosen: Kind(HTTPStatus.CONFLICT, "role-not-chosen", "Choose one of your roles on the pages first."),
    NotThere: Kind(HTTPStatus.NOT_FOUND, "not-there", "There is nothing here that you may see."),
    NoSuchCase: Kind(HTTPStatus.NOT_FOUND, "not-there", "There is nothing here that you may see."),
    NotSo: Kind(HTTPStatus.CONFLICT, "not-now"),
    CaseNotNow: Kind(HTTPStatus.CONFLICT, "not-now"),
    NotYours: Kind(HTTPStatus.CONFLICT, "not-yours"),
    BadText: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "request-wrong"),
    BadCase: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "request-wrong"),
    StillAtIt: Kind(HTTPStatus.CONFLICT, "still-at-it"),
    KeyUsed: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "key-used"),
    Changed: Kind(HTTPStatus.PRECONDITION_FAILED, "changed-meanwhile"),
    ChangedMeanwhile: Kind(
        HTTPStatus.PRECONDITION_FAILED, "changed-meanwhile", "Somebody changed it meanwhile: look again, then decide."
    ),
    Refused: Kind(HTTPStatus.CONFLICT, "refused"),
    TooLarge: Kind(HTTPStatus.CONTENT_TOO_LARGE, "too-large"),
    NoSourceName: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "request-wrong"),
    BadAnswer: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "request-wrong"),
    NothingKnown: Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "request-wrong"),
}
"""Not there and not yours are the same answer."""
OF_HTTP: Final[dict[int, Kind]] = {
    401: Kind(HTTPStatus.UNAUTHORIZED, "signed-out", "Sign in first, or show a token that opens something."),
    403: Kind(HTTPStatus.FORBIDDEN, "csrf-failed", "The header X-CSRFToken does not agree with the cookie csrftoken."),
    404: Kind(HTTPStatus.NOT_FOUND, "not-there", "There is nothing here that you may see."),
    429: Kind(HTTPStatus.TOO_MANY_REQUESTS, "too-often", "This was asked too often from here. Wait a minute."),
}
"""What the framework itself refuses."""
LOCKED = Kind(HTTPStatus.CONFLICT, "locked")
WRONG = Kind(HTTPStatus.UNPROCESSABLE_ENTITY, "request-wrong", "The request does not fit what this address takes.")
FAULT = Kind(HTTPStatus.INTERNAL_SERVER_ERROR, "fault", "A fault of Firstbell stopped the request. Nothing was done.")


def answer(kind: Kind, detail: str = "", errors: list[str] | None = None) -> HttpResponse:
    """The response for a problem."""
    problem = Problem(
        type=f"urn:firstbell:problem:{kind.name}",
        title=kind.name.replace("-", " ").capitalize(),
        status=kind.status,
        detail=kind.detail or detail,
        errors=errors or [],
    )
    response = HttpResponse(problem.model_dump_json(), status=kind.status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def nothing_there(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The view for every address of the API that does not exist."""
    return answer(OF_HTTP[404])


def answer_problems(api: NinjaAPI) -> None:
    """Have an API answer by the tables of this module."""
    for error in PROBLEMS:
        api.add_exception_handler(error, _refused)
    api.add_exception_handler(NotGood, _not_good)
    api.add_exception_handler(Locked, _locked)
    api.add_exception_handler(HttpError, _refused_by_http)
    api.add_exception_handler(ValidationError, _wrong)
    api.add_exception_handler(Exception, _fault)


def _refused(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    kind = next(kind for known, kind in PROBLEMS.items() if isinstance(error, known))
    return answer(kind, str(error))


def _not_good(request: HttpRequest, error: NotGood | type[NotGood]) -> HttpResponse:
    """What was sent reads like a form that was filled in: each field with what is wrong with it."""
    assert isinstance(error, NotGood)
    told = [(FIELDS.get(problem.column, problem.column), problem) for problem in error.problems]
    return answer(WRONG, errors=[f"{field or 'body'}: {problem.says(field or 'It')}" for field, problem in told])


def _locked(request: HttpRequest, error: Locked | type[Locked]) -> HttpResponse:
    assert isinstance(error, Locked)
    return answer(LOCKED, f"{FIELDS[error.column]} comes from {error.source}. Change it there.")


def _refused_by_http(request: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
    assert isinstance(error, HttpError)
    status = HTTPStatus(error.status_code)
    return answer(OF_HTTP.get(error.status_code, Kind(status, status.phrase.lower().replace(" ", "-"))), str(error))


def _wrong(request: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
    assert isinstance(error, ValidationError)
    places = [f"{'.'.join(str(part) for part in found['loc'][1:])}: {found['msg']}" for found in error.errors]
    return answer(WRONG, errors=places)


def _fault(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    log.error("api.fault", path=request.path, fault=type(error).__name__)
    return answer(FAULT)
