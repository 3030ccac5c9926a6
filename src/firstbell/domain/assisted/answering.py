"""The district says of each account whether it is right; what is wrong is answered; then it signs the case off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.assisted.access import NoSuchCase, ensure_contact
from firstbell.domain.assisted.models import Answer, Case, CaseState, Verdict
from firstbell.domain.assisted.queries import count_open_disputes
from firstbell.domain.assisted.queueing import ANSWERED, DISPUTED, open_logins_later, write_later
from firstbell.domain.assisted.states import NotNow, ensure_at, locked, move, note
from firstbell.domain.assisted.thread import BadText
from firstbell.domain.assisted.verifying import OUTCOMES, AccountLine, list_accounts
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Which account of a case: its file and record."""

    file: str
    record: int


def confirm(district: District, case: Case, places: Sequence[Place], *, by: Viewer) -> int:
    """These accounts are right; how many were not confirmed before. Raises NotNow."""
    with locked(district, case) as current:
        ensure_at(current, CaseState.IMPORTED)
        wanted = set(places)
        lines = [line for line in list_accounts(district, current) if Place(line.file, line.record) in wanted]
        return _say(district, current, lines, Verdict.RIGHT, "", by=by)


def dispute(district: District, case: Case, place: Place, text: str, *, by: Viewer) -> None:
    """This account is wrong, and why: Technical Services has to answer. Raises NotNow, BadText and NoSuchCase."""
    if not text.strip() or len(text) > LONGEST_NOTE or "\0" in text:
        raise BadText(f"Say what is wrong, in at most {LONGEST_NOTE} characters.")
    with locked(district, case) as current:
        ensure_at(current, CaseState.IMPORTED)
        lines = [line for line in list_accounts(district, current) if Place(line.file, line.record) == place]
        if not lines:
            raise NoSuchCase(place)
        _say(district, current, lines, Verdict.WRONG, text.strip(), by=by)
        current.asks = True
        write_later(district, current, DISPUTED)


def answer_dispute(district: District, case: Case, answer_id: int, text: str, *, now: datetime, by: Actor) -> None:
    """Tell the district what was done about an account that it marked. Raises NotNow, BadText and NoSuchCase."""
    if not text.strip() or len(text) > LONGEST_NOTE or "\0" in text:
        raise BadText(f"Write an answer of at most {LONGEST_NOTE} characters.")
    with locked(district, case) as current:
        ensure_at(current, CaseState.IMPORTED)
        mine = Answer.objects.filter(district_id=district.pk, case_id=current.pk, run_id=current.run_id or 0)
        answer = mine.filter(pk=answer_id, verdict=Verdict.WRONG).first()
        if answer is None:
            raise NoSuchCase(answer_id)
        answer.reply, answer.replied_by, answer.replied_at = text.strip(), by.name, now
        answer.save(update_fields=["reply", "replied_by", "replied_at"])
        note(district, current, "case.dispute_answered", by=by, answer=answer.pk)
        if not count_open_disputes(district, current):
            current.asks = False
            write_later(district, current, ANSWERED)


def confirm_rest(district: District, case: Case, *, now: datetime, by: Viewer) -> int:
    """All accounts that are not marked are right: the case is verified, and log-ins may open. Raises NotNow."""
    with locked(district, case) as current:
        ensure_at(current, CaseState.IMPORTED)
        lines = list_accounts(district, current)
        wrong = [line for line in lines if line.answer is not None and line.answer.verdict == Verdict.WRONG]
        if wrong:
            raise NotNow("An account is marked as wrong. Confirm it after the answer, or wait until it is put right.")
        _say(district, current, [line for line in lines if line.answer is None], Verdict.RIGHT, "", by=by)
        move(district, current, CaseState.VERIFIED, now=now, by=by.actor, accounts=len(lines))
        open_logins_later(district, current)
        write_later(district, current, CaseState.VERIFIED)
    return len(lines)


def sign_off(district: District, case: Case, *, now: datetime, by: Viewer) -> None:
    """The district closes the case, and has a receipt. Only the contact person. Raises NotYours and NotNow."""
    ensure_contact(by, case)
    with locked(district, case) as current:
        ensure_at(current, CaseState.VERIFIED)
        if current.receipt.get("logins") is None:
            raise NotNow("The log-ins are being opened. Try again in a moment.")
        counts = _receipt(list_accounts(district, current))
        current.receipt = {**current.receipt, **counts, "by": by.name}
        move(district, current, CaseState.SIGNED_OFF, now=now, by=by.actor, **counts)
        write_later(district, current, CaseState.SIGNED_OFF)


def _receipt(lines: Iterable[AccountLine]) -> dict[str, int]:
    """How many accounts had which outcome."""
    outcomes = [line.outcome for line in lines]
    return {"accounts": len(outcomes), **{one: outcomes.count(one) for one in OUTCOMES if outcomes.count(one)}}


def _say(
    district: District, case: Case, lines: Iterable[AccountLine], verdict: Verdict, text: str, *, by: Viewer
) -> int:
    """Keep a verdict of these accounts in the place of an earlier one; how many changed."""
    changed = [line for line in lines if line.answer is None or line.answer.verdict != verdict or text]
    before = [line.answer.pk for line in changed if line.answer is not None]
    Answer.objects.filter(district_id=district.pk, pk__in=before).delete()
    Answer.objects.bulk_create(
        Answer(
            district_id=district.pk,
            case_id=case.pk,
            run_id=case.run_id or 0,
            file=line.file,
            record=line.record,
            person_id=line.person_id,
            verdict=verdict,
            note=text,
            by=by.name,
        )
        for line in changed
    )
    if changed:
        note(district, case, f"case.accounts_{verdict.value}", by=by.actor, count=len(changed))
    return len(changed)
