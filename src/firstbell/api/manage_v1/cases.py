"""Cases of One-Time Assisted: where each stands, and who has the next step."""

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from firstbell.api.manage_v1.problems import ANSWERS
from firstbell.api.manage_v1.visit import visit
from firstbell.domain.assisted.access import access_case, access_cases
from firstbell.domain.assisted.models import Case, CaseState

router = Router(tags=["cases"])
CASES = "/districts/{slug:code}/cases"


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


@router.get(CASES, response={200: CaseList, **ANSWERS}, operation_id="list_cases")
def get_cases(request: HttpRequest, code: str) -> CaseList:
    """List the cases, the newest first."""
    viewer, district = visit(request, code)
    return CaseList(cases=[_shape(case) for case in access_cases(viewer, district)])


@router.get(f"{CASES}/{{int:case_id}}", response={200: CaseShape, **ANSWERS}, operation_id="get_case")
def get_case(request: HttpRequest, code: str, case_id: int) -> CaseShape:
    """Get a case: where it stands, since when, and until when its next step is due."""
    viewer, district = visit(request, code)
    return _shape(access_case(viewer, district, case_id))


def _shape(case: Case) -> CaseShape:
    return CaseShape.model_validate(case, from_attributes=True)
