"""The demo's three districts. Each start makes what is missing, so one that was stopped half-way is no harm."""

import datetime as dt
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from firstbell.cli.carrying import carry_out_told, ensure_district, ensure_source, receive_or_stop
from firstbell.cli.demo import packages
from firstbell.cli.demo.assisted import ensure_case, ensure_willow
from firstbell.cli.demo.handout import Login
from firstbell.cli.demo.people import Doors, open_juniper, open_maple, open_staff, open_willow
from firstbell.cli.demo.vendor import ensure_vendor
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries import list_runs
from firstbell.domain.imports.recovering import recover_runs
from firstbell.domain.roster.letting_go import let_go
from firstbell.domain.roster.models import Source

MAPLE, JUNIPER = "maple-valley", "juniper"
SIS = "Student information system"
ALL = 1_000_000


def set_up(logins: tuple[Login, ...], url: str) -> tuple[Login, ...]:
    """All districts with their history, and who can sign in: those of an earlier start keep their passwords."""
    districts = maple, juniper, willow = _ensure_maple(), _ensure_juniper(), ensure_willow()
    opened = (
        *open_maple(Doors(maple, logins, url)),
        *open_juniper(Doors(juniper, logins, url)),
        *open_willow(Doors(willow, logins, url)),
        *open_staff(logins, url),
    )
    ensure_case(willow, opened, url)
    ensure_vendor(districts, opened, settings.FIRSTBELL_ADVICE)
    return opened


def _ensure_maple() -> District:
    """Six exports of the last nights, caught up with today; the last one is held until somebody decides."""
    district = ensure_district(MAPLE, "Maple Valley Unified", method="automated", time_zone="America/Denver")
    source = ensure_source(district, SIS)
    runs = _runs(district, source)
    made_on = runs[0].created_at if runs else timezone.now()
    last_night = made_on.astimezone(ZoneInfo(district.time_zone)).date()
    nights = len(packages.NIGHTS)
    known = {run.package_name: run for run in runs}
    with tempfile.TemporaryDirectory() as folder:
        for night in range(nights):
            day = last_night - dt.timedelta(days=nights - 1 - night)
            out = Path(folder, f"maple-valley-{day.isoformat()}.zip")
            run = known.get(out.name)
            if run is None:
                packages.write_night(night, out)
                run = receive_or_stop(district, source, out)
            _finish(district, run)
    return district


def _ensure_juniper() -> District:
    """A school that keeps its roster by hand: the one upload by which it came has let go of it."""
    district = ensure_district(JUNIPER, "Juniper Charter School", method="self_managed", time_zone="America/Chicago")
    source = ensure_source(district, "First roster")
    runs = _runs(district, source)
    if runs:
        _finish(district, runs[0])
    else:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "juniper-charter-school.zip")
            packages.write_charter(out)
            _finish(district, receive_or_stop(district, source, out))
    if not _has_let_go(district, source):
        let_go(district, source, by=OPERATOR)
    return district


def _has_let_go(district: District, source: Source) -> bool:
    with within(district):
        events = list_events(district.pk, subject_kind="source", subject_id=source.pk)
    return any(event.verb == "source.let_go" for event in events)


def _runs(district: District, source: Source) -> list[Run]:
    """The source's imports, the oldest first."""
    recover_runs(district)
    return [run for run in reversed(list_runs(district, limit=ALL, source_id=source.pk)) if run.kind == "import"]


def _finish(district: District, run: Run) -> None:
    """Carry a run out that is new, or that an earlier start left."""
    if run.state in {RunState.RECEIVED, RunState.FAILED}:
        carry_out_told(district, run)
