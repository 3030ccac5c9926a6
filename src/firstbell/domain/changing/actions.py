"""Changing the method: at once, or on a day; never so that somebody has no way in."""

from datetime import date

import structlog

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.changing.models import PlannedChange
from firstbell.domain.changing.queries import leaves_sign_on, only_by_sign_on
from firstbell.domain.districts.actions import BadDistrict, change_method
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District, Method
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within

log = structlog.get_logger(__name__)


class ShutOut(BadDistrict):
    """People would have no way in; the text says how many."""


def change_now(district: District, method: str, *, by: Actor) -> None:
    """Change the method; a change that was planned is called off by it. Raises BadDistrict, ShutOut."""
    with within(district):
        lock(district)
        _ensure_way_in(district, method)
        change_method(district, method, by=by)
        PlannedChange.objects.filter(district_id=district.pk).delete()


def change_on(district: District, method: str, day: date, *, by: Actor) -> PlannedChange:
    """Set a day for a change, in the place of one that was set. Raises BadDistrict."""
    if method not in Method.values or method == district.method:
        raise BadDistrict("Choose a method that the district does not roster by already.")
    if day <= today_of(district):
        raise BadDistrict("Choose a day after today, or change it now.")
    with within(district):
        said = {"method": method, "on": day, "asked_by": by.name, "waits": ""}
        planned, _ = PlannedChange.objects.update_or_create(district_id=district.pk, defaults=said)
        _note(district, "district.change_planned", by=by, method=method, on=day.isoformat())
    return planned


def call_off(district: District, *, by: Actor) -> bool:
    """No change is planned any more; False where none was."""
    with within(district):
        count, _ = PlannedChange.objects.filter(district_id=district.pk).delete()
        if count:
            _note(district, "district.change_called_off", by=by)
    return bool(count)


def carry_out_planned(district: District, *, today: date) -> bool:
    """Change the method if its day has come: True if so. Where somebody would have no way in, it waits and says so."""
    with within(district):
        lock(district)
        planned = PlannedChange.objects.filter(district_id=district.pk, on__lte=today).first()
        if planned is None:
            return False
        fresh = District.objects.get(pk=district.pk)
        try:
            change_now(
                fresh, planned.method, by=Actor(SYSTEM.kind, SYSTEM.id, f"{SYSTEM.name}, for {planned.asked_by}")
            )
        except ShutOut as problem:
            planned.waits = str(problem)
            planned.save(update_fields=["waits"])
            return False
        except BadDistrict:  # it has that method by now
            planned.delete()
            return False
    log.info("changing.carried_out", district_id=district.pk)
    return True


def _ensure_way_in(district: District, method: str) -> None:
    if not leaves_sign_on(district, method):
        return
    count, _ = only_by_sign_on(district)
    if count:
        raise ShutOut(
            f"{count:,} {'person comes' if count == 1 else 'people come'} in by single sign-on only, which ends with"
            " Automated. Give them a password or a badge first."
        )


def _note(district: District, verb: str, *, by: Actor, **detail: object) -> None:
    record(district.pk, verb, by=by, subject_kind="district", subject_id=district.pk, detail=detail)
