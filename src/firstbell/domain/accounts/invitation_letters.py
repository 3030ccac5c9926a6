"""The letter by which an invitation goes."""

from firstbell.domain.accounts.inviting import DAYS, Invited
from firstbell.domain.accounts.mail import send
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


def send_invitation_letter(district: District, invited: Invited, link: str) -> bool:
    """Send the link; False where there is no mail server, or it did not take the letter."""
    invitation = invited.invitation
    role = Role(invitation.role).label.lower()
    words = {"by": invitation.invited_by, "district": district.name, "role": role, "days": DAYS, "link": link}
    return send(invitation.email, SUBJECT.format(district=district.name), BODY.format(**words))
