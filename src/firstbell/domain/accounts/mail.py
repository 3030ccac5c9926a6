"""Letters to adults, by the operator's mail server if there is one."""

import smtplib

import structlog
from django.conf import settings
from django.core.mail import send_mail

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import current_district_id

log = structlog.get_logger(__name__)


def sends_mail() -> bool:
    """Whether this installation has a mail server."""
    return bool(settings.FIRSTBELL_SENDS_MAIL)


def send(address: str, subject: str, body: str) -> bool:
    """Send one letter; False where there is no server, or it did not take the letter: the link is handed over then."""
    if not sends_mail() or _is_practice():
        return False
    try:
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [address])
    except (OSError, smtplib.SMTPException) as fault:
        log.warning("mail.not_sent", fault=type(fault).__name__)
        return False
    return True


def _is_practice() -> bool:
    """Whether the letter would leave a practice space: the wall that the work is in tells."""
    district_id = current_district_id()
    return district_id is not None and District.objects.filter(pk=district_id, practice_of__isnull=False).exists()
