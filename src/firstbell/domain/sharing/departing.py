"""A district that leaves: it gets what is its own as files, then all of it is destroyed, and a certificate says so."""

import csv
import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import connection, connections, transaction
from django.utils import timezone
from psycopg import sql

from firstbell.domain.accounts.models import Account, Membership
from firstbell.domain.accounts.viewer import view_as_operator
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.emptying import tables_of_districts
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_practice
from firstbell.domain.districts.wall import APPEND_ONLY_TABLES, within
from firstbell.domain.imports.folder import files_of
from firstbell.domain.imports.practice import end_practice
from firstbell.domain.sharing.actions import add_client
from firstbell.domain.sharing.disclosing import all_disclosures
from firstbell.domain.sharing.exporting import export_roster
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS
from firstbell.domain.sources.clearing import DESTROYED, Place, clear
from firstbell.domain.sources.outside import places_outside

ROSTER, DISCLOSURES, AUDIT, CERTIFICATE = "roster.zip", "disclosures.csv", "audit.csv", "certificate.json"
UNFINISHED = "unfinished.json"
"""What is still to be destroyed, for who goes on after a fault or a kill."""
OWN_EXPORT = "The district itself, which leaves"


class NotEmpty(Exception):
    """The folder for what the district gets has something in it already."""


class NothingToFinish(Exception):
    """No departure stopped half way in this folder, or the district is still here; the text says which."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was handed over and what was destroyed: it names nobody of the roster."""

    code: str
    name: str
    exported_at: datetime
    destroyed_at: datetime
    by: str
    handed_over: dict[str, str]
    """SHA-256 by the file's name."""
    rows: dict[str, int]
    """Destroyed, by table."""
    files: int
    """Of runs, with the key that they were sealed with, and what lay on this machine on its way in."""
    accounts: int
    """Of people who were in no other district."""
    programs: list[str] = field(default_factory=list)
    """That read the roster, and hold what they read: to be asked to delete it."""


def depart(district: District, out: Path, *, by: Actor) -> Certificate:
    """Hand the district's data over into an empty folder, destroy it here, and certify both. There is no way back.

    The roster as OneRoster CSV 1.2, who was told of whom, and what everybody did. Then every row of it in every table
    goes, the log of disclosures and the audit too (as the owner of the database, since the application cannot), its
    runs' files and its key, and what lies in drops here; the server of drops elsewhere clears its own. Backups hold it
    until they are overwritten. Who dies before the rows are gone has destroyed nothing; afterwards `finish` goes on.
    Raises NotEmpty, OSError.
    """
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise NotEmpty(str(out))
    practice = find_practice(district)
    places = places_outside(practice) if practice is not None else []
    end_practice(district, by=by)
    programs = _programs(district)
    with within(district):
        lock(district)  # nothing comes between what is handed over and what is destroyed
        handed_over = _hand_over(district, out, by=by)
        exported_at = timezone.now()
        names = list(files_of(district))
        places += places_outside(district)
        rows, accounts = _destroy(district)
        left = _Left(
            district.pk,
            district.code,
            district.name,
            exported_at,
            by.name,
            handed_over,
            rows,
            names,
            accounts,
            programs,
            places,
        )
        _leave(out, left)  # before the rows are gone for good: who dies from here on can go on
    return finish(out, by=by)


def finish(out: Path, *, by: Actor) -> Certificate:
    """Destroy what a departure that stopped half way has left, and certify it all. Raises NothingToFinish, OSError."""
    left = _left_in(out)
    if District.objects.filter(pk=left.district_id).exists():
        raise NothingToFinish(f"{left.name} is still here, whole: name an empty folder, and begin anew.")
    left.rows.update({table: count for table, count in _destroy_logs(left.district_id).items() if count})
    _leave(out, left)
    for name in left.files:
        default_storage.delete(name)
    outside = clear(left.places)
    certificate = Certificate(
        left.code,
        left.name,
        left.exported_at,
        timezone.now(),
        left.by,
        left.handed_over,
        {table: count for table, count in sorted(left.rows.items()) if count},
        len(left.files) + outside,
        left.accounts,
        left.programs,
    )
    told = json.dumps(asdict(certificate), default=str, indent=2)
    (out / CERTIFICATE).write_text(f"{told}\n", encoding="utf-8")
    digest = hashlib.sha256(told.encode()).hexdigest()
    detail = {"code": left.code, "rows": sum(left.rows.values()), "files": certificate.files, "certificate": digest}
    with transaction.atomic():
        record(None, DESTROYED, by=by, subject_kind="district", subject_id=left.district_id, detail=detail)
    (out / UNFINISHED).unlink()
    return certificate


@dataclass(frozen=True, slots=True)
class _Left:
    """A departure whose rows are gone, and what has to go yet."""

    district_id: int
    code: str
    name: str
    exported_at: datetime
    by: str
    handed_over: dict[str, str]
    rows: dict[str, int]
    files: list[str]
    accounts: int
    programs: list[str]
    places: list[Place] = field(default_factory=list)
    """Outside of database and storage, on this machine."""


def _leave(out: Path, left: _Left) -> None:
    """Beside, and put in place at once."""
    beside = out / f"{UNFINISHED}.new"
    with beside.open("w", encoding="utf-8") as file:
        json.dump(asdict(left), file, default=str)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(out / UNFINISHED)


def _left_in(out: Path) -> _Left:
    try:
        said = json.loads((out / UNFINISHED).read_text(encoding="utf-8"))
        return _Left(**{**said, "exported_at": datetime.fromisoformat(said["exported_at"])})
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError):
        raise NothingToFinish(f"No departure has stopped half way in {out}.") from None


def _programs(district: District) -> list[str]:
    read = ApiClient.objects.filter(district=district, last_used_at__isnull=False)
    return sorted(set(read.values_list("name", flat=True)))


def _hand_over(district: District, out: Path, *, by: Actor) -> dict[str, str]:
    made = add_client(district, OWN_EXPORT, list(SCOPE_URIS), by=by).client
    ApiClient.objects.filter(pk=made.pk).update(is_limited=False)  # of itself nobody is withheld
    export_roster(made, "oneroster-1.2", out / ROSTER, by=by)
    told = (
        (one.at.isoformat(), one.program, one.grant_version, one.table, one.asked, one.records, one.row_ids)
        for one in all_disclosures(view_as_operator(district), district)
    )
    _write(out / DISCLOSURES, ("at", "program", "grantVersion", "table", "asked", "records", "rowIds"), told)
    events = (
        (one.at.isoformat(), one.actor_name, one.verb, one.subject_kind, one.subject_id, json.dumps(one.detail))
        for one in Event.objects.filter(district_id=district.pk).order_by("id").iterator(chunk_size=2_000)
    )
    _write(out / AUDIT, ("at", "who", "what", "about", "id", "detail"), events)
    return {path.name: _digest(path) for path in sorted(out.iterdir())}


def _write(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heads)
        writer.writerows(rows)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _destroy(district: District) -> tuple[dict[str, int], int]:
    """Rows by table, and accounts that were here only. Within the wall."""
    members = set(Membership.objects.filter(district=district).values_list("account_id", flat=True))
    rows: dict[str, int] = {}
    with connection.cursor() as cursor:
        for table in tables_of_districts():
            cursor.execute(_delete(table), [district.pk])
            rows[table] = cursor.rowcount
        cursor.execute("delete from districts_district where id = %s", [district.pk])
    elsewhere = Membership.objects.filter(account_id__in=members).values("account_id")
    alone = Account.objects.filter(pk__in=members, staff=None).exclude(pk__in=elsewhere)
    accounts = alone.count()
    alone.delete()
    return rows, accounts


def _destroy_logs(district_id: int) -> dict[str, int]:
    """What the application may only add to goes by the owner's hand."""
    rows = {}
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for table in sorted(APPEND_ONLY_TABLES):
            cursor.execute(_delete(table), [district_id])
            rows[table] = cursor.rowcount
    return rows


def _delete(table: str) -> sql.Composed:
    return sql.SQL("delete from {} where district_id = %s").format(sql.Identifier(table))
