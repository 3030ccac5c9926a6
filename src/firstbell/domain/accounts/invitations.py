"""Reading invitations: those that are open."""

import hashlib

from django.db.models import QuerySet
from django.utils import timezone

from firstbell.domain.accounts.models import Invitation
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within


def find_invitation(district: District, secret: str) -> Invitation | None:
    """The open invitation of a link."""
    with within(district):
        return open_invitations(district).filter(digest=digest_of(secret)).first()


def list_invitations(district: District) -> list[Invitation]:
    """Those that are open, the newest first."""
    with within(district):
        return list(open_invitations(district).order_by("-id"))


def open_invitations(district: District) -> QuerySet[Invitation]:
    """Neither taken up, nor taken back, nor too old. To be asked within the district."""
    return Invitation.objects.filter(
        district=district, accepted_at=None, revoked_at=None, expires_at__gt=timezone.now()
    )


def digest_of(secret: str) -> str:
    """What is kept of a link's secret, which is long and random: one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
