"""Whether this installation works, and what to do where it does not: behind /health, `firstbell doctor` and /metrics.

What is told names no district and nobody.
"""

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from firstbell.domain.districts.master_keys import master_keys
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealed_streams import Unsealable
from firstbell.domain.districts.sealing import seal, unseal
from firstbell.domain.imports.queueing import has_worker
from firstbell.domain.sources import deployment
from firstbell.domain.sources.checks import Check
from firstbell.domain.sources.models import Due

LATE = timedelta(minutes=10)
LEAST_FREE = 1024**3
MAIL_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, and since when."""

    waiting: int
    oldest: float
    """Seconds."""
    failed: int


def quick_checks() -> list[Check]:
    """What a load balancer may ask every few seconds."""
    return list(_tried([_database, _worker, _late]))


def all_checks() -> list[Check]:
    """Everything, for who looks at a deployment."""
    works = [_database, _migrations, _wall, _keys, _files, _disk, _worker, _queue, _late, _watched, _mail]
    return list(_tried([*works, *deployment.CHECKS]))


def _tried(checks: list[Callable[[], Check]]) -> Iterator[Check]:
    """A check that itself fails is bad news, and no reason to stop."""
    for check in checks:
        try:
            yield check()
        except (DatabaseError, OSError) as fault:
            name = check.__name__.strip("_")
            yield Check(
                name, good=False, says=f"It could not be looked at: {type(fault).__name__}.", remedy=REMEDIES[name]
            )
            if name == "database":
                return


def _database() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("show server_version_num")
        number = int(cursor.fetchone()[0])
    good = number >= 150000
    return Check("database", good, f"PostgreSQL {number // 10000} answers.", "" if good else REMEDIES["database"])


def _migrations() -> Check:
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    says = f"{missing} steps are missing." if missing else "The tables are those of this version."
    return Check("migrations", not missing, says, REMEDIES["migrations"] if missing else "")


def _wall() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
        passes = bool(cursor.fetchone()[0])
    says = "This process could see past the wall between districts." if passes else "The wall between districts holds."
    return Check("wall", not passes, says, REMEDIES["wall"] if passes else "")


def _keys() -> Check:
    """The newest and the oldest district's: a master key that was changed opens neither."""
    districts = [found for found in (District.objects.order_by(way).first() for way in ("pk", "-pk")) if found]
    try:
        for district in districts:
            unseal(district, seal(district, b"check", name="check"), name="check")
    except (Unsealable, ValueError):
        return Check("keys", good=False, says="The master key does not open what was sealed.", remedy=REMEDIES["keys"])
    good = bool(master_keys()) and all(len(key) == 32 for key in master_keys())
    return Check("keys", good, "The master key opens what was sealed.", "" if good else REMEDIES["keys"])


def _files() -> Check:
    name = default_storage.save(f"check/{uuid.uuid4().hex}", ContentFile(b"check"))
    try:
        with default_storage.open(name) as kept:
            good = kept.read() == b"check"
    finally:
        default_storage.delete(name)
    return Check("files", good, "Files can be written and read.", "" if good else REMEDIES["files"])


def _disk() -> Check:
    free = shutil.disk_usage(settings.FIRSTBELL_HOME).free
    good = free >= LEAST_FREE
    return Check("disk", good, f"{free // 1024**2:,} MB are free.", "" if good else REMEDIES["disk"])


def _worker() -> Check:
    good = has_worker()
    says = (
        "A worker is there." if good else "No worker has been heard of for 45 seconds: nothing is fetched or applied."
    )
    return Check("worker", good, says, "" if good else REMEDIES["worker"])


def _queue() -> Check:
    found = queue_now(timezone.now())
    good = found.oldest < LATE.total_seconds() * 6
    says = f"{found.waiting:,} jobs wait, the oldest for {found.oldest / 60:.0f} minutes; {found.failed:,} have failed."
    return Check("queue", good, says, "" if good else REMEDIES["queue"])


def _late() -> Check:
    late = count_late(timezone.now())
    says = f"{late:,} sources are due and were not begun." if late else "What is due is begun."
    return Check("late", not late, says, REMEDIES["late"] if late else "")


def _watched() -> Check:
    if settings.FIRSTBELL_WATCHED is None:
        return Check("watched", good=True, says="No folder is watched.")
    good = Path(settings.FIRSTBELL_WATCHED).is_dir()
    says = "The watched folder is there." if good else "The watched folder is not there."
    return Check("watched", good, says, "" if good else REMEDIES["watched"])


def _mail() -> Check:
    if not settings.FIRSTBELL_SENDS_MAIL:
        return Check("mail", good=True, says="No mail is sent: pages show links, and nobody is told of holds.")
    with get_connection(timeout=MAIL_SECONDS):
        pass  # opened, greeted, and closed
    return Check("mail", good=True, says="The mail server answers.")


def queue_now(now: datetime) -> Queue:
    """Work that could be begun and has not been."""
    waiting = ProcrastinateJob.objects.filter(status="todo").exclude(scheduled_at__gt=now)
    first = waiting.aggregate(first=Min("procrastinateevent__at"))["first"]
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    return Queue(waiting.count(), (now - first).total_seconds() if first else 0.0, failed)


def count_late(now: datetime) -> int:
    """Sources whose moment passed a while ago."""
    return Due.objects.filter(at__lt=now - LATE).count()


REMEDIES = {
    "database": "Look at DATABASE_URL and at the server; it has to be PostgreSQL 15 or newer.",
    "migrations": "Run: firstbell migrate",
    "wall": "Let the application log in as a role that is neither superuser nor may bypass row-level security.",
    "keys": "Put back the FIRSTBELL_MASTER_KEY, or FIRSTBELL_HOME/keys/master, with which it was set up.",
    "files": "Look at the permissions of FIRSTBELL_HOME/files, or at the object store.",
    "disk": "Make room where FIRSTBELL_HOME is.",
    "worker": "Start one: firstbell worker",
    "queue": "Start more workers, or look into the log for jobs that do not end.",
    "late": "Start a worker: it looks each minute for what is due.",
    "watched": "Look at FIRSTBELL_WATCHED, and whether it is mounted.",
    **deployment.REMEDIES,
    "mail": "Look at FIRSTBELL_SMTP_HOST and FIRSTBELL_SMTP_PORT, and whether this machine may reach it.",
}
