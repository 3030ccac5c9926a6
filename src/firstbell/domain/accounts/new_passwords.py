"""Links by which an adult who forgot their password sets a new one. A worker sends them, so that a page answers as fast
for an address that nobody has; the secret is made there too, and never waits in the queue.
"""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse
from procrastinate.contrib.django import app

from firstbell.domain.accounts.mail import send, sends_mail
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import SYSTEM, Actor

SEND_LINK = "accounts.send_new_password_link"
QUEUE = "mail"
SUBJECT = "A new password for Firstbell"
BODY = """\
Somebody, probably you, asked for a new password for {name} at Firstbell.

Set it here within the hour. The link works once:
{link}

If it was not you, do nothing: your password stays as it is.
"""


class NotSent(Exception):
    """The mail server did not take it; the queue tries again."""


def send_link_later(account: Account, origin: str) -> None:
    """Have a worker send it. `origin` is the address of the site as the asker knows it, `https://example.org`."""
    app.configure_task(SEND_LINK, queue=QUEUE).defer(account_id=account.pk, origin=origin)


def send_link(account: Account, origin: str) -> None:
    """Send it. Raises NotSent."""
    body = BODY.format(name=account.name, link=make_link(account, origin, by=SYSTEM))
    if sends_mail() and not send(account.email or "", SUBJECT, body):
        raise NotSent


def make_link(account: Account, origin: str, *, by: Actor) -> str:
    """A link that works once, within the hour."""
    record(None, "account.password_link_made", by=by, subject_kind="account", subject_id=account.pk)
    named = {"uidb36": user_pk_to_url_str(account), "key": default_token_generator.make_token(account)}
    return origin + reverse("account_reset_password_from_key", kwargs=named)
