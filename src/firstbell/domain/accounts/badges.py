"""Badges: a code on a card that signs a young child in. It opens the child's own pages and nothing else."""

import secrets

from django.utils import timezone

from firstbell.domain.accounts.actions import give_membership
from firstbell.domain.accounts.invitations import digest_of
from firstbell.domain.accounts.models import Account, Badge, CardKind, Membership, Role
from firstbell.domain.accounts.printed import forget_printed
from firstbell.domain.accounts.queries import find_account_of_student
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import seal, unseal
from firstbell.domain.districts.wall import within

SECRET_BYTES = 24


def make_badge(district: District, user_id: int, *, name: str = "", by: Actor) -> Badge:
    """The badge of a student on the roster (their row's id): the one they have, or a new one.

    Printing it again changes nothing; `void_badge` first makes a new code. Whoever calls it knows that the person is a
    student; the account is one of its own, with nothing but the student's membership.
    """
    with within(district):
        found = find_badge(district, user_id)
        if found is not None:
            return found
        account = find_account_of_student(district, user_id)
        if account is None:
            account = Account.objects.create_user(name=name)
            give_membership(district, account, Role.STUDENT, person_id=user_id, by=by)
        secret = secrets.token_urlsafe(SECRET_BYTES)
        badge = Badge.objects.create(
            district=district,
            user_id=user_id,
            account=account,
            digest=digest_of(secret),
            sealed=seal(district, secret.encode(), name=_sealed_as(user_id)),
        )
        record(district.pk, "badge.made", by=by, subject_kind="user", subject_id=user_id)
    return badge


def secret_of(district: District, badge: Badge) -> str:
    """What its code says, for printing."""
    return unseal(district, bytes(badge.sealed), name=_sealed_as(badge.user_id)).decode()


def void_badge(district: District, user_id: int, *, by: Actor) -> bool:
    """A lost card opens nothing any more, and who is signed in as this student is out; False where there was none."""
    with within(district):
        badge = find_badge(district, user_id)
        if badge is None:
            return False
        badge.voided_at = timezone.now()
        badge.sealed = b""
        badge.save(update_fields=["voided_at", "sealed"])
        badge.account.set_unusable_password()  # anew: sessions hang on it
        badge.account.save(update_fields=["password"])
        forget_printed(district, [user_id], [CardKind.BADGE])
        record(district.pk, "badge.voided", by=by, subject_kind="user", subject_id=user_id)
    return True


def find_badge(district: District, user_id: int) -> Badge | None:
    """The badge of a person that still opens."""
    with within(district):
        return Badge.objects.select_related("account").filter(user_id=user_id, voided_at=None).first()


def authenticate_badge(district: District, secret: str) -> Account | None:
    """The student whom a code lets in; None where it opens nothing, or the account is more than that."""
    with within(district):
        badge = Badge.objects.select_related("account").filter(digest=digest_of(secret), voided_at=None).first()
    if badge is None or not badge.account.is_active or badge.account.email is not None:
        return None
    memberships = Membership.objects.filter(account=badge.account)
    is_only_a_student = not memberships.exclude(role=Role.STUDENT, district=district).exists()
    return badge.account if is_only_a_student and memberships.exists() else None


def _sealed_as(user_id: int) -> str:
    return f"badge/{user_id}"
