"""The link of an invitation, and the letter it goes by."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from firstbell.domain.accounts.inviting import DAYS, Invited
from firstbell.domain.accounts.mail import send, sends_mail
from firstbell.domain.accounts.models import Role
from firstbell.domain.districts.models import District

SUBJECT = "Your way into {district} at Firstbell"
BODY = """\
{by} invites you to {district} at Firstbell, as {role}.

Set your password here within {days} days. The link works once:
{link}

Firstbell keeps the roster of your schools: who learns what, with whom, and where.
If you do not know {by}, do nothing.
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a link: gone by mail, or to be handed over by whoever made it."""

    email: str
    link: str
    by_mail: bool
    has_server: bool


def send_invitation(request: HttpRequest, district: District, invited: Invited) -> Sent:
    """Send the link where there is a mail server."""
    invitation = invited.invitation
    link = request.build_absolute_uri(reverse("web:invited", args=[district.code, invited.secret]))
    role = Role(invitation.role).label.lower()
    words = {"by": invitation.invited_by, "district": district.name, "role": role, "days": DAYS, "link": link}
    sent = send(invitation.email, SUBJECT.format(district=district.name), BODY.format(**words))
    return Sent(invitation.email, link, sent, sends_mail())
