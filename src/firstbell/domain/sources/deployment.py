"""Whether an installation is set up as docs/howto/run.md asks: behind `firstbell doctor`, beside what has to work."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from firstbell.domain.audit.models import Event
from firstbell.domain.sources.checks import Check

BACKUP_AGE = timedelta(days=2)
OWN = frozenset({"localhost", "127.0.0.1", "[::1]", ".localhost"})
OTHERS = 0o077
"""Of a file's mode: what its group and everybody may do."""
QUIET = {
    "log_statement": {"none"},
    "log_min_error_statement": {"panic", "fatal"},
    "log_min_duration_statement": {"-1"},
    "log_min_duration_sample": {"-1"},
}
"""Settings of PostgreSQL with the values that keep statements out of its log."""
ON_THE_DISK = ("fsync", "full_page_writes")


def _https() -> Check:
    reached = [host for host in settings.ALLOWED_HOSTS if host not in OWN]
    if settings.SECURE_SSL_REDIRECT:
        return Check("https", good=True, says="People reach it by HTTPS.")
    if not reached:
        return Check("https", good=True, says="Only this machine reaches it, so it does without HTTPS.")
    return Check("https", good=False, says=f"People reach {reached[0]} without HTTPS.", remedy=REMEDIES["https"])


def _debug() -> Check:
    if not settings.DEBUG:
        return Check("debug", good=True, says="Nobody is shown the cause of an error.")
    return Check("debug", good=False, says="Whoever meets an error is shown its cause.", remedy=REMEDIES["debug"])


def _secrets() -> Check:
    folder = Path(settings.FIRSTBELL_HOME) / "keys"
    open_ones = [path for path in folder.iterdir() if path.stat().st_mode & OTHERS] if folder.is_dir() else []
    if not open_ones:
        return Check("secrets", good=True, says="Only the user of Firstbell reads the keys.")
    says = f"Others may read {open_ones[0].name} in FIRSTBELL_HOME{os.sep}keys."
    return Check("secrets", good=False, says=says, remedy=REMEDIES["secrets"])


def _durable() -> Check:
    with connection.cursor() as cursor:
        cursor.execute("select name from pg_settings where name = any(%s) and setting <> 'on'", [list(ON_THE_DISK)])
        off = [name for (name,) in cursor.fetchall()]
    if not off:
        return Check("durable", good=True, says="What PostgreSQL has said to be written survives a power cut.")
    says = f"PostgreSQL may lose what it said to be written: {', '.join(off)} is off."
    return Check("durable", good=False, says=says, remedy=REMEDIES["durable"])


def _log() -> Check:
    """Django's statements hold their values, so a log of statements holds children's names."""
    with connection.cursor() as cursor:
        cursor.execute("select name, setting from pg_settings where name = any(%s)", [list(QUIET)])
        loud = [name for name, setting in cursor.fetchall() if setting not in QUIET[name]]
    if not loud:
        return Check("log", good=True, says="PostgreSQL's log holds no statement, and so nobody's name.")
    says = f"PostgreSQL may write statements, and with them names of children, into its log: {', '.join(sorted(loud))}."
    return Check("log", good=False, says=says, remedy=REMEDIES["log"])


def _backup() -> Check:
    """Who backs up by other means has none of ours, and is left alone; whose stopped coming is told."""
    last = Event.objects.filter(district_id=None, verb="installation.backed_up").order_by("-id").first()
    if last is None:
        return Check("backup", good=True, says="Firstbell has made no backup: see that something else does.")
    age = timezone.now() - last.at
    says = f"The last backup is {age / timedelta(days=1):.1f} days old."
    return Check("backup", age < BACKUP_AGE, says, "" if age < BACKUP_AGE else REMEDIES["backup"])


CHECKS: list[Callable[[], Check]] = [_https, _debug, _secrets, _durable, _log, _backup]
REMEDIES = {
    "https": "Put TLS in front, set FIRSTBELL_HTTPS=true and FIRSTBELL_PROXIES (docs/howto/run.md).",
    "debug": "Unset FIRSTBELL_DEBUG.",
    "secrets": "Run: chmod -R go= keys, in FIRSTBELL_HOME.",
    "durable": "Switch them on in PostgreSQL's settings.",
    "log": "Set them as deploy/postgresql.conf does.",
    "backup": "Look at the timer of firstbell backup, and at what it said.",
}
