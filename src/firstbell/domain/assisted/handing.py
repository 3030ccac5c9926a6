"""Log-ins of a case: opened when the district has confirmed the accounts, and handed over once to the contact."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from django.db import transaction

from firstbell.domain.accounts.issuing import Issued, issue_passwords, usernames_of
from firstbell.domain.accounts.models import Credential
from firstbell.domain.accounts.queries import who_can_sign_in
from firstbell.domain.accounts.viewer import Viewer, view_as_operator
from firstbell.domain.assisted.access import ensure_contact
from firstbell.domain.assisted.models import Case, CaseState
from firstbell.domain.assisted.states import NotNow, ensure_at, locked, note
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import ACCOUNTS, LOGINS, PASSWORDS, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.passwords import use_passwords
from firstbell.domain.imports.queries import find_run
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.bearers import access_bearers
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.models import Record

KEPT = timedelta(days=30)
"""So long log-ins wait for the contact person. Whoever comes later prints cards with new ones."""
_SCHEMA = {"row_id": pl.Int64, "name": pl.String, "username": pl.String, "password": pl.String}


@dataclass(frozen=True, slots=True)
class LogIn:
    """A log-in as it is handed over. Nobody can tell the password again."""

    name: str
    username: str
    password: str


def open_logins(district: District, case: Case, *, today: date) -> None:
    """Open the log-ins of a verified case: with the passwords of the files, or new ones for students without.

    Once: what was opened before stays as it is. A case that is not verified (any more) opens none.
    """
    with within(district):
        run = find_run(district, case.run_id) if case.run_id else None
        if run is None or case.state != CaseState.VERIFIED or case.receipt.get("logins") is not None:
            return
        opened = _open(district, run, today=today)
        RunFolder(district, run.pk).keep_frame(LOGINS, pl.DataFrame(opened, schema=_SCHEMA, orient="row"))
        with locked(district, case) as current:
            current.receipt = {**current.receipt, "logins": len(opened)}
            note(district, current, "case.logins_opened", by=SYSTEM, count=len(opened))


def _open(district: District, run: Run, *, today: date) -> list[tuple[int, str, str, str]]:
    accounts = RunFolder(district, run.pk).read_frame(ACCOUNTS)
    if accounts is None:
        return []
    sound = accounts.filter(pl.col("outcome") != "left_out")
    names = dict(zip(sound["row_id"].to_list(), sound["name"].to_list(), strict=True))
    before = who_can_sign_in(district, names)
    given = _given(district, run)
    use_passwords(district, run, confirmed=True)
    issued = _issue(district, [row_id for row_id in names if row_id not in before], today=today)
    there = _usernames(district, given)
    told = [
        Issued(row_id, there[row_id], given[row_id]) for row_id in given if row_id in there and row_id not in before
    ]
    return [(one.user_id, names.get(one.user_id, ""), one.username, one.password) for one in (*told, *issued)]


def _given(district: District, run: Run) -> dict[int, str]:
    """The passwords that came with the files, by the row of the person."""
    frame = RunFolder(district, run.pk).read_frame(PASSWORDS)
    if frame is None:
        return {}
    records = Record.objects.filter(
        district_id=district.pk,
        source_id=run.source_id,
        kind=KINDS["users"],
        source_key__in=frame["sourcedId"].to_list(),
        present=True,
    )
    rows = dict(records.values_list("source_key", "row_id"))
    pairs = zip(frame["sourcedId"].to_list(), frame["password"].to_list(), strict=True)
    return {rows[key]: password for key, password in pairs if key in rows}


def _usernames(district: District, row_ids: Iterable[int]) -> dict[int, str]:
    """With which usernames these people (row ids) sign in by now."""
    found = Credential.objects.filter(district_id=district.pk, user_id__in=list(row_ids))
    return dict(found.values_list("user_id", "username"))


def _issue(district: District, row_ids: list[int], *, today: date) -> list[Issued]:
    """New passwords for the students among them who cannot sign in yet."""
    if not row_ids:
        return []
    try:
        bearers = access_bearers(district, view_as_operator(district), row_ids, today=today)
    except NotThere:
        return []
    has_one = usernames_of(district, bearers)
    return issue_passwords(district, [one for one in bearers if one.user_id not in has_one], by=SYSTEM)


def hand_over_logins(district: District, case: Case, *, now: datetime, by: Viewer) -> list[LogIn]:
    """Give the log-ins to the contact person, once: afterwards nobody can have them again.

    Raises NotYours for anybody else, and NotNow.
    """
    ensure_contact(by, case)
    with locked(district, case) as current:
        ensure_at(current, CaseState.VERIFIED, CaseState.SIGNED_OFF)
        if current.handed_at is not None:
            raise NotNow("The log-ins were handed over already. Print cards to give somebody a new password.")
        if current.receipt.get("logins") is None:
            raise NotNow("The log-ins are being opened. Try again in a moment.")
        folder = RunFolder(district, current.run_id or 0)
        frame = folder.read_frame(LOGINS)
        current.handed_at = now
        note(district, current, "case.logins_handed_over", by=by.actor, count=0 if frame is None else frame.height)
        transaction.on_commit(lambda: folder.delete(LOGINS))
    if frame is None:
        return []
    columns = (frame[name].to_list() for name in ("name", "username", "password"))
    return [LogIn(*row) for row in zip(*columns, strict=True)]


def forget_logins(district: District, case: Case, *, now: datetime) -> None:
    """Take log-ins away that nobody fetched in time. The accounts stay; cards give them new passwords."""
    folder = RunFolder(district, case.run_id or 0)
    if case.run_id and not case.handed_at and case.since < now - KEPT and folder.has(LOGINS):
        with locked(district, case) as current:
            note(district, current, "case.logins_forgotten", by=SYSTEM)
            transaction.on_commit(lambda: folder.delete(LOGINS))
