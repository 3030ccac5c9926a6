"""All that is held about one person, in one document: for the family that asks, and before somebody is erased."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.models import Account, Badge, CardKind, Credential, Membership, PrintedCard
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.queries import Deed, EditEntry, HistoryEntry, Subject, list_history
from firstbell.domain.roster.access import access_person
from firstbell.domain.roster.columns import MODELS
from firstbell.domain.roster.editing.values import texts_of
from firstbell.domain.roster.erasing import what_is_held
from firstbell.domain.roster.models import Row
from firstbell.domain.roster.queries.person import KnownAs
from firstbell.engine.tables import TABLES

MOST_ENTRIES = 100_000

type Document = dict[str, object]
type Tells = Callable[[District, Sequence[int]], list[Document]]
TELLS: dict[str, Tells] = {}
"""What apps above this one hold of a person (all their rows), by the name under which it is told."""


def tell_all(district: District, viewer: Viewer, person_id: int, *, today: date) -> Document:
    """Everything about one person, and that somebody asked for it is written down.

    For who may see what families reported and the audit both. Raises NotThere and NotAllowed.
    """
    ensure_may(viewer, Permission.VIEW_DEMOGRAPHICS)
    ensure_may(viewer, Permission.VIEW_AUDIT)
    person = access_person(district, viewer, person_id, today=today)
    with within(district):
        person_id = person.row.id
        held = what_is_held(district, [person_id])
        document: Document = {
            "district": district.name,
            "person": person.name,
            "known_as": [_known(known) for known in person.known_as],
            "roster": {name: _rows(district, name, ids) for name, ids in held.rows.items()},
            "related": [relative.name for relative in person.relatives],
            "accounts": [one for row_id in held.rows["users"] for one in _accounts(district, row_id)],
            "badges": _badges(district, held.rows["users"]),
            "cards": _cards(district, held.rows["users"]),
            "history": _history(district, held.rows),
            "audit": _audit(district, held.rows["users"]),
            **{name: tells(district, held.rows["users"]) for name, tells in TELLS.items()},
        }
        record(district.pk, "user.told_all", by=viewer.actor, subject_kind="user", subject_id=person_id)
    return document


def _known(known: KnownAs) -> Document:
    return {"source": known.source, "id": known.key, "sent": known.is_present}


def _rows(district: District, table: str, row_ids: list[int]) -> list[Document]:
    rows = MODELS[table]._default_manager.filter(district_id=district.pk, id__in=row_ids).order_by("id")
    return [_row(table, row) for row in rows]


def _row(table: str, row: Row) -> Document:
    return {
        "row": row.id,
        "publishedId": getattr(row, "sourced_id", None),
        "lastModified": row.date_last_modified.isoformat(),
        "removed": row.removed_at.isoformat() if row.removed_at else None,
        **{name: text for name, text in texts_of(TABLES[table], row).items() if text is not None},
    }


def _accounts(district: District, row_id: int) -> list[Document]:
    """Log-ins of the person: never with a password."""
    credential = Credential.objects.filter(district_id=district.pk, user_id=row_id).first()
    memberships = Membership.objects.filter(district_id=district.pk, person_id=row_id)
    told: list[Document] = []
    for membership in memberships.select_related("account").order_by("id"):
        account: Account = membership.account
        is_theirs = credential is not None and credential.account_id == account.pk
        told.append(
            {
                "name": account.name,
                "email": account.email,
                "role": membership.role,
                "opened": account.created_at.isoformat(),
                "lastSignIn": account.last_login.isoformat() if account.last_login else None,
                "username": credential.username if credential and is_theirs else None,
            }
        )
    return told


def _badges(district: District, row_ids: Sequence[int]) -> list[Document]:
    """Cards that sign a child in: never what their code says."""
    badges = Badge.objects.filter(district_id=district.pk, user_id__in=row_ids).order_by("id")
    return [
        {"made": badge.made_at.isoformat(), "voided": badge.voided_at.isoformat() if badge.voided_at else None}
        for badge in badges
    ]


def _cards(district: District, row_ids: Sequence[int]) -> list[Document]:
    """Cards that were printed and still hold: what stands on them beside the name, and since when."""
    cards = PrintedCard.objects.filter(district_id=district.pk, user_id__in=row_ids).order_by("printed_at", "id")
    return [{"shows": CardKind(card.kind).label, "printed": card.printed_at.isoformat()} for card in cards]


def _history(district: District, rows: Mapping[str, list[int]]) -> list[Document]:
    history = list_history(district, Subject(rows), limit=MOST_ENTRIES)
    return [_entry(entry) for entry in history.entries if not isinstance(entry, Deed)]


def _entry(entry: HistoryEntry | EditEntry) -> Document:
    by = entry.by if isinstance(entry, EditEntry) else f"run {entry.run_id} of {entry.source}"
    fields = {field.name: {"before": field.before, "after": field.after} for field in entry.change.fields}
    return {
        "at": entry.at.isoformat(),
        "by": by,
        "table": entry.table,
        "row": entry.change.row_id,
        "what": entry.change.action,
        "file": entry.change.file or None,
        "record": entry.change.record,
        "fields": fields,
    }


def _audit(district: District, row_ids: Sequence[int]) -> list[Document]:
    about = [str(row_id) for row_id in row_ids]
    events = Event.objects.filter(district_id=district.pk, subject_kind="user", subject_id__in=about)
    return [
        {"at": event.at.isoformat(), "by": event.actor_name, "what": event.verb, "detail": event.detail}
        for event in events.order_by("id")
    ]
