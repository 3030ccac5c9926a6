"""New ids that a source gives what is known already, declared before its next file: each row keeps its place.

All of them or none are taken, at once: two that change places are no special case. The same is not taken twice.
"""

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Sequence

import polars as pl
from django.db import transaction

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.copying import raw_cursor, stage
from firstbell.domain.roster.models import Record, Source

TAKEN = "source.new_ids"
TABLES_WITH_IDS = ("users", "classes", "courses", "academicSessions", "orgs")
"""Whose ids can be declared; roles and enrollments are known by what they say."""
MOST, SHOWN, LONGEST = 500_000, 5, 255
_HEADS = {"old": "old", "new": "new", "oldsourcedid": "old", "newsourcedid": "new"}
_SAME_ID = {"users": ("users", "demographics")}
"""What a person is told of has the person's id."""

type Pair = tuple[str, str]


class BadNewIds(ValueError):
    """New ids that cannot be taken; the text says which line and why. Nothing is changed."""


def read_new_ids(body: bytes) -> list[Pair]:
    """Old and new ids of a CSV file whose first line names the columns. Raises BadNewIds."""
    try:
        lines = list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise BadNewIds("This is no CSV file in UTF-8. Save it as one, with the columns old and new.") from None
    heads = [_HEADS.get(name.strip().lower(), "") for name in lines[0]] if lines else []
    if sorted(filter(None, heads)) != ["new", "old"]:
        raise BadNewIds("The first line has to name the columns: old,new.")
    places = heads.index("old"), heads.index("new")
    pairs = []
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        old, new = (line[place].strip() if place < len(line) else "" for place in places)
        if not old or not new or max(len(old), len(new)) > LONGEST:
            raise BadNewIds(f"Line {number} needs an old and a new id of at most {LONGEST} characters.")
        pairs.append((old, new))
    if not pairs:
        raise BadNewIds("The file has no line below its first one.")
    return pairs


def declare_new_ids(
    district: District, source: Source, table: str, pairs: Sequence[Pair], *, by: Actor, only_look: bool = False
) -> int:
    """Let the source call its rows by new ids from its next file on; tells how many. Raises BadNewIds."""
    if table not in TABLES_WITH_IDS or len(pairs) > MOST:
        raise BadNewIds(f"At most {MOST:,} ids of {', '.join(TABLES_WITH_IDS)} are taken at once.")
    with within(district), transaction.atomic():
        lock(district)
        changed = [(old, new) for old, new in pairs if old != new]
        digest = hashlib.sha256(repr((table, sorted(changed))).encode()).hexdigest()
        before = Event.objects.filter(district_id=district.pk, verb=TAKEN, subject_id=str(source.pk))
        if before.filter(detail__digest=digest).exists():
            raise BadNewIds("These new ids were taken already. Nothing is left to do.")
        _ensure_can_be(district, source, table, changed)
        if only_look or not changed:
            return len(changed)
        for one in _SAME_ID.get(table, (table,)):
            _rename(district, source, one, changed)
        take_stamps(district, 1)  # what a source calls a row belongs to the roster's version
        detail = {"table": table, "ids": len(changed), "digest": digest}
        record(district.pk, TAKEN, by=by, subject_kind="source", subject_id=source.pk, detail=detail)
    return len(changed)


def _ensure_can_be(district: District, source: Source, table: str, pairs: Sequence[Pair]) -> None:
    records = Record.objects.filter(district_id=district.pk, source_id=source.pk, kind=KINDS[table])
    known = set(records.values_list("source_key", flat=True))
    olds, news = Counter(old for old, _ in pairs), Counter(new for _, new in pairs)
    problems = [
        problem
        for old, new in pairs
        for problem in (
            f"{old} is no id that {source.name} has sent" if old not in known else "",
            f"{old} stands there twice" if olds[old] > 1 else "",
            f"two are to become {new}" if news[new] > 1 else "",
            f"{new} is somebody or something else already" if new in known and new not in olds else "",
        )
        if problem
    ]
    if problems:
        told = list(dict.fromkeys(problems))
        more = f", and {len(told) - SHOWN:,} more" if len(told) > SHOWN else ""
        raise BadNewIds(f"Nothing is changed: {'; '.join(told[:SHOWN])}{more}. Put the file right and bring it again.")


def _rename(district: District, source: Source, table: str, pairs: Sequence[Pair]) -> None:
    """All at once: first every record is taken out, then every one comes back under its new id."""
    olds, news = zip(*pairs, strict=True)
    stage("new_ids", {"old": "text", "new": "text"}, pl.DataFrame({"old": olds, "new": news}))
    named = [district.pk, source.pk, KINDS[table]]
    with raw_cursor() as cursor:
        cursor.execute("drop table if exists renamed")
        cursor.execute(
            "create temporary table renamed on commit drop as"
            " select t.new, r.row_id, r.hash_high, r.hash_low, r.version, r.present from roster_record r"
            " join new_ids t on r.district_id = %s and r.source_id = %s and r.kind = %s and r.source_key = t.old",
            named,
        )
        cursor.execute(
            "delete from roster_record r using new_ids t"
            " where r.district_id = %s and r.source_id = %s and r.kind = %s and r.source_key = t.old",
            named,
        )
        cursor.execute(
            "insert into roster_record"
            " (district_id, source_id, kind, source_key, row_id, hash_high, hash_low, version, present)"
            " select %s, %s, %s, new, row_id, hash_high, hash_low, version, present from renamed",
            named,
        )
