"""Who is told of a notice, and the letters and the signed call that tell it."""

import json
import time
from collections.abc import Iterable

import structlog
from django.conf import settings
from django.core.mail import send_mail

from firstbell.connectors.reach import Reach
from firstbell.connectors.signed_call import call
from firstbell.domain.accounts.models import Account, Membership, Role
from firstbell.domain.accounts.permissions import ROLE_PERMISSIONS, Permission
from firstbell.domain.accounts.queries import list_members
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import seal, unseal
from firstbell.domain.districts.wall import within
from firstbell.domain.sources.models import Notice, NoticeChoice, NoticeKind, Webhook
from firstbell.domain.sources.sealed import new_password

log = structlog.get_logger(__name__)

BY_ITSELF = frozenset(NoticeKind.values) - {NoticeKind.DIGEST}
"""What an administrator is told who has chosen nothing."""
SECRET_NAME = "sources/webhook"  # noqa: S105 (what it is sealed under)


class NotTold(Exception):
    """A letter or a call did not go out; the job tries it again."""


def may_be_told(role: str) -> bool:
    """Whether somebody of this role has anything to do with sources: who may set them or decide about runs."""
    granted = ROLE_PERMISSIONS[Role(role)]
    return Permission.DECIDE_RUNS in granted or Permission.MANAGE_SOURCES in granted


def kinds_of(district: District, account: Account) -> set[str]:
    """What this person is told of."""
    with within(district):
        choice = NoticeChoice.objects.filter(district_id=district.pk, account_id=account.pk).first()
    return set(choice.kinds) if choice else set(BY_ITSELF)


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
        missing = [each.account for each in _who(district, notice) if each.account_id not in notice.told]
    failed = [account for account in missing if not _write(district, notice, account)]
    if not _call(district, notice) or failed:
        raise NotTold(notice.key)


def _who(district: District, notice: Notice) -> list[Membership]:
    """Once for each person; of a hold that nobody answered, everybody who may decide, whatever they chose."""
    members = {member.account_id: member for member in list_members(district) if may_be_told(member.role)}
    everybody = notice.escalated_at is not None
    return [
        member
        for member in members.values()
        if (everybody and Permission.DECIDE_RUNS in ROLE_PERMISSIONS[Role(member.role)])
        or notice.kind in kinds_of(district, member.account)
    ]


def _write(district: District, notice: Notice, account: Account) -> bool:
    if not settings.FIRSTBELL_SENDS_MAIL or not account.email:
        return True
    link = f"{settings.FIRSTBELL_URL}/d/{district.code}/"
    end = f"Open it: {link}{notice.path}\nWhat you are told of is yours to choose: {link}sources/notices/"
    try:
        send_mail(notice.subject, f"{notice.body}\n\n{end}\n", settings.DEFAULT_FROM_EMAIL, [account.email])
    except OSError as fault:  # smtplib's errors are OSErrors
        log.warning("notice.not_sent", district_id=district.pk, error=type(fault).__name__)
        return False
    with within(district):
        notice.told = [*notice.told, account.pk]
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
