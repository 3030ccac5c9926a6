"""The link of an invitation, and what became of it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from firstbell.domain.accounts.invitation_letters import send_invitation_letter
from firstbell.domain.accounts.inviting import Invited
from firstbell.domain.accounts.mail import sends_mail
from firstbell.domain.districts.models import District


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a link: gone by mail, or to be handed over by whoever made it."""

    email: str
    link: str
    by_mail: bool
    has_server: bool


def send_invitation(request: HttpRequest, district: District, invited: Invited) -> Sent:
    """Send the link where there is a mail server."""
    link = request.build_absolute_uri(reverse("web:invited", args=[district.code, invited.secret]))
    sent = send_invitation_letter(district, invited, link)
    return Sent(invited.invitation.email, link, sent, sends_mail())
