"""One writer of a district's roster at a time, on however many machines: PostgreSQL's advisory locks."""

from django.db import connection

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import ensure_within

# Advisory locks are one number for the whole database: this one's upper bits say that it is about a roster.
ROSTER = 0x0F1B << 48
TIMES = 0x0F1C << 48
VIEW = 0x0F1D << 48


def lock(district: District) -> None:
    """Wait for the district's roster and keep it until the transaction ends. Taking it again is free."""
    ensure_within(district)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [ROSTER | district.pk])


def try_lock(district: District) -> bool:
    """The same without waiting; False where another transaction has it."""
    ensure_within(district)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [ROSTER | district.pk])
        return bool(cursor.fetchone()[0])


def lock_times(district: District) -> None:
    """Wait for the times of the district's stamps and keep them until the transaction ends."""
    ensure_within(district)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [TIMES | district.pk])


def lock_view(district: District, client_id: int) -> None:
    """Wait for what one program of the district is shown and keep it until the transaction ends."""
    ensure_within(district)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [VIEW | client_id])
