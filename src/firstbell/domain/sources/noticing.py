"""What people are told of: noted once, in the transaction of what happened; letters go out afterwards."""

from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import ensure_within
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.models import Source
from firstbell.domain.sources.models import Connection, Notice, NoticeKind

TELL = "sources.tell"
QUEUE = "mail"


def note(
    district: District,
    kind: NoticeKind,
    key: str,
    subject: str,
    body: str,
    *,
    source: Source | None = None,
    run: Run | None = None,
    path: str = "",
) -> None:
    """Have people told, unless they were told of the same (``key``) before. It goes on at the run's page, or at the
    source's, or at another one (``path``)."""
    ensure_within(district)
    said = {
        "kind": kind,
        "subject": f"{district.name}: {subject}"[:200],
        "body": body,
        "path": path or (f"runs/{run.pk}/" if run else f"sources/{source.pk}/" if source else ""),
        "run_id": run.pk if run else None,
        "source_id": source.pk if source else None,
    }
    notice, is_new = Notice.objects.get_or_create(district_id=district.pk, key=f"{kind}/{key}", defaults=said)
    if is_new:
        tell_later(district, notice)


def tell_later(district: District, notice: Notice) -> None:
    """Have a worker write the letters."""
    app.configure_task(TELL, queue=QUEUE).defer(district_id=district.pk, notice_id=notice.pk)


def note_held(district: District, source: Source, run: Run) -> None:
    """A run waits: why, in the guard's words, which speak of numbers and schools."""
    reasons = "\n".join(f"- {reason['says']}" for reason in run.reasons)
    body = f"Run {run.pk} of {source.name} waits. Nothing is lost meanwhile: the roster stays as it is.\n\n{reasons}"
    note(district, NoticeKind.HELD, f"run-{run.pk}", f"{source.name} waits for you", body, source=source, run=run)


def note_failed(district: District, source: Source, key: str, says: str, *, run: Run | None = None) -> None:
    """Something is in the way."""
    body = f"{says}\n\nThe roster stays as it is until this is put right."
    note(district, NoticeKind.FAILED, key, f"{source.name} does not work", body, source=source, run=run)


def note_end_of_trouble(district: District, connection: Connection) -> None:
    """It works again: told where anything was in the way. Does not save."""
    if connection.trouble_since is not None:
        since = connection.trouble_since.astimezone(ZoneInfo(district.time_zone))
        source = connection.source
        when = f"{since:%B} {since.day}, {since:%H:%M}"
        body = f"{source.name} is in step again. Something had been in the way since {when}."
        key = f"{source.pk}/{since.isoformat()}"
        note(district, NoticeKind.RECOVERED, key, f"{source.name} works again", body, source=source)
    connection.trouble, connection.remedy, connection.trouble_since = "", "", None


def note_first_done(district: District, source: Source, run: Run) -> None:
    """The rehearsal was approved and applied."""
    body = f"The first sync of {source.name} is applied. From now on it goes by itself."
    note(district, NoticeKind.FIRST_DONE, f"{source.pk}", "The first sync is done", body, source=source, run=run)
