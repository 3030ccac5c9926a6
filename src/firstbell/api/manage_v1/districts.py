"""Districts: those that who asks has, and one of them."""

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from firstbell.api.manage_v1.problems import ANSWERS
from firstbell.api.manage_v1.visit import memberships_of, visit
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District

router = Router(tags=["districts"])


class DistrictLine(Schema):
    """A district that one is in."""

    code: str
    name: str
    roles: list[str] = Field(description="What one is there.")


class DistrictList(Schema):
    """All of them."""

    districts: list[DistrictLine]


class DistrictShape(Schema):
    """A district, and what who asks may do there."""

    code: str
    name: str
    method: str = Field(description="self_managed, assisted or automated.")
    time_zone: str
    retention_days: int = Field(description="For so many days people who left are kept.")
    is_practice: bool = Field(description="Nothing here is real.")
    roster_version: int = Field(description="It grows with each change of the roster.")
    may: list[str] = Field(description="Permissions.")


@router.get("/districts", response={200: DistrictList, **ANSWERS}, operation_id="list_districts")
def get_districts(request: HttpRequest) -> DistrictList:
    """List the districts that you are in; by a token the one whose it is."""
    found: dict[str, DistrictLine] = {}
    for one in memberships_of(request):
        line = found.setdefault(
            one.district.code, DistrictLine(code=one.district.code, name=one.district.name, roles=[])
        )
        line.roles.append(one.role)
    return DistrictList(districts=list(found.values()))


@router.get("/districts/{slug:code}", response={200: DistrictShape, **ANSWERS}, operation_id="get_district")
def get_district(request: HttpRequest, code: str) -> DistrictShape:
    """Get a district, and what you may do there."""
    viewer, district = visit(request, code)
    return _shape(viewer, district)


def _shape(viewer: Viewer, district: District) -> DistrictShape:
    return DistrictShape(
        code=district.code,
        name=district.name,
        method=district.method,
        time_zone=district.time_zone,
        retention_days=district.retention_days,
        is_practice=district.is_practice,
        roster_version=district.last_stamp,
        may=sorted(viewer.permissions),
    )
