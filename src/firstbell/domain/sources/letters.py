"""Who is told of a notice, and the letters and the signed call that tell it."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.mail import send_mail

from firstbell.connectors.reach import Reach
from firstbell.connectors.signed_call import call
from firstbell.domain.accounts.models import Account, Membership, Role
from firstbell.domain.accounts.permissions import EVERYTHING, ROLE_PERMISSIONS, Permission
from firstbell.domain.accounts.queries import list_all_of
from firstbell.domain.accounts.viewer import view_as
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.sealing import seal, unseal
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import scope_of
from firstbell.domain.sources.models import Notice, NoticeChoice, NoticeKind, Webhook
from firstbell.domain.sources.school_letters import OF_A_SCHOOL, of_schools
from firstbell.domain.sources.sealed import new_password

log = structlog.get_logger(__name__)

BY_ITSELF = frozenset(NoticeKind.values) - {NoticeKind.DIGEST, NoticeKind.FINDINGS}
"""What an administrator is told who has chosen nothing. People of a school are told all that there is for them."""
SECRET_NAME = "sources/webhook"  # noqa: S105 (what it is sealed under)


class NotTold(Exception):
    """A letter or a call did not go out; the job tries it again."""


def kinds_for(role: str | None) -> frozenset[str]:
    """What somebody of this role may be told of: of everything, who may set sources or decide about runs; people of a
    school of what is about their school."""
    granted = ROLE_PERMISSIONS[Role(role)] if role else EVERYTHING
    if {Permission.DECIDE_RUNS, Permission.MANAGE_SOURCES} & granted:
        return frozenset(NoticeKind.values)
    return OF_A_SCHOOL if Permission.VIEW_RUNS in granted else frozenset()


def kinds_of(district: District, account: Account, role: str | None) -> set[str]:
    """What this person is told of, being this in the district."""
    possible = kinds_for(role)
    with within(district):
        choice = NoticeChoice.objects.filter(district_id=district.pk, account_id=account.pk).first()
    if choice:
        return set(choice.kinds) & possible
    return set(possible if possible == OF_A_SCHOOL else possible & BY_ITSELF)


def choose(district: District, account: Account, kinds: Iterable[str], *, by: Actor) -> None:
    """What this person wants to be told of from now on."""
    wanted = sorted(set(kinds) & set(NoticeKind.values))
    with within(district):
        NoticeChoice.objects.update_or_create(
            district_id=district.pk, account_id=account.pk, defaults={"kinds": wanted}
        )
        detail = {"kinds": wanted}
        record(district.pk, "notices.chosen", by=by, subject_kind="account", subject_id=account.pk, detail=detail)


def set_webhook(district: District, url: str, *, by: Actor) -> str:
    """Have a program told too, at this address, or (blank) no longer. Returns the secret that signs, told this once."""
    secret = new_password() if url else ""
    with within(district):
        Webhook.objects.filter(district_id=district.pk).delete()
        if url:
            sealed = seal(district, secret.encode(), name=SECRET_NAME)
            Webhook.objects.create(district_id=district.pk, url=url, secret=sealed)
        record(district.pk, "notices.webhook", by=by, subject_kind="district", subject_id=district.pk)
    return secret


def tell(district: District, notice_id: int) -> None:
    """Write to everybody who wants it and has not got it yet, and call the program. Raises NotTold."""
    with within(district):
        notice = Notice.objects.get(pk=notice_id, district_id=district.pk)
        letters = [letter for letter in _letters(district, notice) if letter.account.pk not in notice.told]
    failed = [letter for letter in letters if not _write(district, notice, letter)]
    if not _call(district, notice) or failed:
        raise NotTold(notice.key)


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is told."""

    account: Account
    subject: str
    body: str


def _letters(district: District, notice: Notice) -> list[Letter]:
    """Who is told and what, each person once; people of a school of their school alone, if the notice is about it."""
    members = _who(district, notice)
    today = today_of(district)
    schools = {
        member.account_id: scope_of(district, view_as(member), today=today).schools
        for member in members
        if kinds_for(member.role) == OF_A_SCHOOL
    }
    theirs = of_schools(district, notice, {school for some in schools.values() for school in some or ()})
    letters = [
        Letter(member.account, theirs.subject, theirs.letter_about(schools[member.account_id] or ()))
        if member.account_id in schools
        else Letter(member.account, notice.subject, notice.body)
        for member in members
    ]
    return [letter for letter in letters if letter.body]


def _who(district: District, notice: Notice) -> list[Membership]:
    """Once for each person, as what tells them most; of a hold that nobody answered, everybody who may decide,
    whatever they chose, and nobody else."""
    roles = sorted((role for role in Role if notice.kind in kinds_for(role)), key=lambda role: len(kinds_for(role)))
    members = {member.account_id: member for role in roles for member in list_all_of(district, role)}
    if notice.escalated_at is not None:
        return [each for each in members.values() if Permission.DECIDE_RUNS in ROLE_PERMISSIONS[Role(each.role)]]
    return [each for each in members.values() if notice.kind in kinds_of(district, each.account, each.role)]


def _write(district: District, notice: Notice, letter: Letter) -> bool:
    to = letter.account.email
    if not settings.FIRSTBELL_SENDS_MAIL or not to:
        return True
    link = f"{settings.FIRSTBELL_URL}/d/{district.code}/"
    end = f"Open it: {link}{notice.path}\nWhat you are told of is yours to choose: {link}sources/notices/"
    try:
        send_mail(letter.subject, f"{letter.body}\n\n{end}\n", settings.DEFAULT_FROM_EMAIL, [to])
    except OSError as fault:  # smtplib's errors are OSErrors
        log.warning("notice.not_sent", district_id=district.pk, error=type(fault).__name__)
        return False
    with within(district):
        notice.told = [*notice.told, letter.account.pk]
        notice.save(update_fields=["told"])
    return True


def _call(district: District, notice: Notice) -> bool:
    """POST the notice to the district's program, signed: true where there is nothing (more) to do."""
    with within(district):
        hook = Webhook.objects.filter(district_id=district.pk).first()
    if hook is None or notice.called:
        return True
    said = {"kind": notice.kind, "subject": notice.subject, "run": notice.run_id, "source": notice.source_id}
    body = json.dumps({**said, "id": notice.pk, "district": district.code, "at": notice.created_at.isoformat()})
    secret = unseal(district, bytes(hook.secret), name=SECRET_NAME)
    trouble = call(hook.url, body, secret, Reach(settings.FIRSTBELL_REACHABLE_HOSTS), at=int(time.time()))
    with within(district):
        Webhook.objects.filter(pk=hook.pk, district_id=district.pk).update(trouble=trouble)
        notice.called = not trouble
        notice.save(update_fields=["called"])
    return not trouble
