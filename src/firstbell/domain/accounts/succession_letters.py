"""Letters about who asks to become administrator: to those that there are, and to who asked."""

from contextlib import suppress
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from firstbell.domain.accounts.invitation_letters import send_invitation_letter
from firstbell.domain.accounts.mail import send
from firstbell.domain.accounts.models import Succession, SuccessionState
from firstbell.domain.accounts.new_passwords import NotSent
from firstbell.domain.accounts.queries import list_administrators
from firstbell.domain.accounts.succession import NotNow, invite_successor
from firstbell.domain.districts.wall import within

ANNOUNCED = "Somebody asks to be administrator of {district}"
ANNOUNCED_BODY = """\
{name} ({email}) says that {district} has lost its administrator, and asks to become one.

Two people of Firstbell made sure of who that is:
- {first_by}: {first_how}
- {second_by}: {second_how}

If that is right, you need do nothing: {name} is invited on {day}.

If it is not right, sign in before then and object. Nobody is invited then:
{link}

Did you forget your password? The page for signing in sends you a new one. Your own log-in stays as it is.
"""
REFUSED = "Your request about {district}"
REFUSED_BODY = """\
You asked to become administrator of {district}. Firstbell cannot invite you:

{why}
"""
OBJECTED_BODY = """\
You asked to become administrator of {district}. It has one who objected, so nobody is invited.
Please talk to each other: whoever is administrator can invite you.
"""


def announce(succession: Succession, address: str) -> bool:
    """Tell one administrator that there is; False where the letter could not be sent."""
    district = succession.district
    day = succession.due_at.astimezone(ZoneInfo(district.time_zone)) if succession.due_at else None
    words = {
        "name": succession.person_name,
        "email": succession.email,
        "district": district.name,
        "first_by": succession.first_by,
        "first_how": succession.first_how,
        "second_by": succession.second_by,
        "second_how": succession.second_how,
        "day": f"{day:%-d %B %Y}" if day else "a day soon",
        "link": settings.FIRSTBELL_URL + reverse("web:successions", args=[district.code]),
    }
    with within(district):
        return send(address, ANNOUNCED.format(**words), ANNOUNCED_BODY.format(**words))


def addresses_to_announce(succession: Succession) -> list[str]:
    """Of everybody who is administrator of the district now."""
    return [account.email for account in list_administrators(succession.district) if account.email]


def tell_successor(succession: Succession) -> bool:
    """Tell who asked that nothing comes of it; False where the letter could not be sent."""
    body = OBJECTED_BODY if succession.state == SuccessionState.OBJECTED else REFUSED_BODY
    words = {"district": succession.district.name, "why": succession.ended_why}
    return send(succession.email, REFUSED.format(**words), body.format(**words))


def invite_due(succession: Succession) -> None:
    """Invite who asked and send the link, both or neither: it is tried again where the letter could not be sent."""
    district = succession.district
    with suppress(NotNow, NotSent), transaction.atomic():
        invited = invite_successor(succession)
        if invited is None:
            return
        link = settings.FIRSTBELL_URL + reverse("web:invited", args=[district.code, invited.secret])
        if not send_invitation_letter(district, invited, link):
            raise NotSent
