"""Cases of One-Time Assisted: where each stands, who has the next step, and what the district does on one.

What Technical Services does is done at their desk, by people; no token opens it.
"""

from datetime import date, datetime
from typing import Annotated, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from firstbell.api.manage_v1.bodies import Body, Part, Text
from firstbell.api.manage_v1.etags import ensure_as_seen
from firstbell.api.manage_v1.once import once
from firstbell.api.manage_v1.problems import ANSWERS, Problem
from firstbell.api.manage_v1.visit import visit
from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.assisted.access import access_case, access_cases
from firstbell.domain.assisted.actions import cancel, send_as_it_is
from firstbell.domain.assisted.answering import sign_off
from firstbell.domain.assisted.bringing import bring_files
from firstbell.domain.assisted.models import Case, CaseState, Form
from firstbell.domain.assisted.opening import BadCase, Wish, request_case
from firstbell.domain.assisted.thread import Said, say_for_district
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of

router = Router(tags=["cases"])
CASES = "/districts/{slug:code}/cases"
CASE = f"{CASES}/{{int:case_id}}"
DECIDED = {**ANSWERS, 412: Problem}
"""Of what is done on a case: 412 where it is not as `If-Match` says any more."""


class CaseShape(Schema):
    """One import that Technical Services does for the district."""

    id: int
    state: str = Field(description=f"One of: {', '.join(CaseState.values)}.")
    form: str
    schools: list[str]
    products: list[str]
    needed_by: date | None
    contact_name: str
    requested_by: str
    claimed_by: str = Field(description="Who of Technical Services has it; blank where nobody does.")
    created_at: datetime
    since: datetime = Field(description="Since when it is in its state.")
    due_at: datetime | None
    closed_at: datetime | None
    run_id: int | None = Field(description="The run of the files that count now.")


class CaseList(Schema):
    """Cases, the newest first."""

    cases: list[CaseShape]


class NewCaseBody(Body):
    """What a district wants imported."""

    schools: Annotated[list[Text], Field(max_length=200)] = Field(default=[], description="Names; none: all schools.")
    products: Annotated[list[Part], Field(max_length=100)] = Field(default=[], description="Codes of the catalogue.")
    needed_by: date | None = None
    contact_id: int | None = Field(None, description="The account of the contact person; left out: yours.")
    form: Form = Field(Form.SIMPLE, description=f"The templates: {', '.join(Form.values)}.")
    message: str = Field("", max_length=5000, description="Read by Technical Services. Leave out names of students.")


class MessageBody(Body):
    """What is written on a case."""

    text: str = Field("", max_length=5000, description="Say “record 12” rather than a student's name.")


@router.get(CASES, response={200: CaseList, **ANSWERS}, operation_id="list_cases")
def get_cases(request: HttpRequest, code: str) -> CaseList:
    """List the cases, the newest first."""
    viewer, district = visit(request, code)
    return CaseList(cases=[_shape(case) for case in access_cases(viewer, district)])


@router.get(CASE, response={200: CaseShape, **ANSWERS}, operation_id="get_case")
def get_case(request: HttpRequest, code: str, case_id: int) -> CaseShape:
    """Get a case: where it stands, since when, and until when its next step is due."""
    viewer, district = visit(request, code)
    return _shape(access_case(viewer, district, case_id))


@router.post(CASES, response={201: CaseShape, **ANSWERS}, operation_id="open_case")
@once
def post_case(request: HttpRequest, response: HttpResponse, code: str, body: NewCaseBody) -> Status[CaseShape]:
    """Ask for a case: Technical Services imports what you bring to it."""
    viewer, district = visit(request, code)
    ensure_may(viewer, Permission.MANAGE_CASES)
    if body.needed_by is not None and body.needed_by < today_of(district):
        raise BadCase("needed_by", "This day is over.")
    wish = Wish(
        contact_id=body.contact_id or viewer.account_id or 0,
        schools=tuple(dict.fromkeys(name for name in (" ".join(one.split()) for one in body.schools) if name)),
        products=tuple(dict.fromkeys(body.products)),
        needed_by=body.needed_by,
        form=body.form,
        message=body.message,
        origin=request.build_absolute_uri("/").rstrip("/"),
    )
    case = request_case(district, wish, now=timezone.now(), by=viewer)
    response["Location"] = reverse("manage-v1:get_case", args=[code, case.pk])
    return Status(201, _shape_now(viewer, district, case))


@router.post(f"{CASE}/files", response={202: CaseShape, 413: Problem, **DECIDED}, operation_id="bring_files")
@once
def post_files(
    request: HttpRequest,
    code: str,
    case_id: int,
    package: Annotated[UploadedFile, File(description="The filled templates: a workbook, a CSV file, or a zip.")],
) -> Status[CaseShape]:
    """Bring the filled templates. They are checked at once; ask for the case again to see what was found."""
    viewer, district, case = _case(request, code, case_id)
    files = [(package.name or "files.csv", cast("BinaryIO", package.file))]
    bring_files(district, case, files, now=timezone.now(), by=viewer)
    return Status(202, _shape_now(viewer, district, case))


@router.post(f"{CASE}/send", response={200: CaseShape, **DECIDED}, operation_id="send_case")
@once
def post_send(request: HttpRequest, code: str, case_id: int) -> CaseShape:
    """Let Technical Services go on with the files as they are."""
    viewer, district, case = _case(request, code, case_id)
    send_as_it_is(district, case, now=timezone.now(), by=viewer)
    return _shape_now(viewer, district, case)


@router.post(f"{CASE}/messages", response={200: CaseShape, **DECIDED}, operation_id="write_on_case")
@once
def post_message(request: HttpRequest, code: str, case_id: int, body: MessageBody) -> CaseShape:
    """Write to Technical Services. They answer on the case."""
    viewer, district, case = _case(request, code, case_id)
    say_for_district(district, case, Said(body.text), by=viewer)
    return _shape_now(viewer, district, case)


@router.post(f"{CASE}/sign-off", response={200: CaseShape, **DECIDED}, operation_id="sign_case_off")
@once
def post_sign_off(request: HttpRequest, code: str, case_id: int) -> CaseShape:
    """Close a case that was verified. Only its contact person does."""
    viewer, district, case = _case(request, code, case_id)
    sign_off(district, case, now=timezone.now(), by=viewer)
    return _shape_now(viewer, district, case)


@router.post(f"{CASE}/cancel", response={200: CaseShape, **DECIDED}, operation_id="cancel_case")
@once
def post_cancel(request: HttpRequest, code: str, case_id: int) -> CaseShape:
    """End a case that came to nothing. Nothing on the roster changes by it."""
    viewer, district, case = _case(request, code, case_id)
    cancel(district, case, now=timezone.now(), by=viewer.actor)
    return _shape_now(viewer, district, case)


def _case(request: HttpRequest, code: str, case_id: int) -> tuple[Viewer, District, Case]:
    """Who asks, and the case as they saw it. Raises Changed."""
    viewer, district = visit(request, code)
    case = access_case(viewer, district, case_id)
    ensure_as_seen(request, _shape(case))
    return viewer, district, case


def _shape_now(viewer: Viewer, district: District, case: Case) -> CaseShape:
    return _shape(access_case(viewer, district, case.pk))


def _shape(case: Case) -> CaseShape:
    return CaseShape.model_validate(case, from_attributes=True)
