"""Making districts."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District, Method
from firstbell.domain.districts.sealing import new_data_key
from firstbell.domain.districts.wall import within

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CODE = 50


class BadDistrict(ValueError):
    """A district cannot be so; the text says why, for the one who typed it."""


@transaction.atomic
def add_district(
    code: str,
    name: str,
    *,
    by: Actor,
    method: Method | str = Method.AUTOMATED,
    time_zone: str = "America/New_York",
) -> District:
    """Make a district with its own key; raises BadDistrict for a code that is taken or cannot be part of an address."""
    code, name = code.strip().lower(), name.strip()
    _ensure_good(code, name, time_zone)
    if District.objects.filter(code=code).exists():
        raise BadDistrict(f"There is a district {code} already.")
    district = District.objects.create(
        code=code, name=name, method=_method(method), time_zone=time_zone, data_key=new_data_key()
    )
    with within(district):
        detail = {"code": code, "method": district.method}
        record(district.pk, "district.added", by=by, subject_kind="district", subject_id=district.pk, detail=detail)
    return district


def change_method(district: District, method: Method | str, *, by: Actor) -> None:
    """Change how a district rosters. No row and no account changes by it. Raises BadDistrict."""
    chosen, before = _method(method), district.method
    if chosen == before:
        raise BadDistrict(f"{district.name} rosters by {chosen.label} already.")
    with within(district):
        district.method = chosen
        district.save(update_fields=["method"])
        detail = {"before": before, "after": chosen.value}
        record(
            district.pk,
            "district.method_changed",
            by=by,
            subject_kind="district",
            subject_id=district.pk,
            detail=detail,
        )


def _ensure_good(code: str, name: str, time_zone: str) -> None:
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        raise BadDistrict(
            f"{code!r} is no code: use up to {LONGEST_CODE} letters a to z, digits and single hyphens between them."
        )
    if not name:
        raise BadDistrict("A district needs a name.")
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadDistrict(f"{time_zone!r} is no time zone: write one like America/Chicago.") from None


def _method(method: Method | str) -> Method:
    try:
        return Method(method)
    except ValueError:
        raise BadDistrict(f"{method!r} is no method: choose among {', '.join(Method.values)}.") from None
