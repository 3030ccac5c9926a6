"""Letters about who asks to become administrator: put into the queue in the caller's transaction."""

from procrastinate.contrib.django import app

from firstbell.domain.accounts.models import Succession
from firstbell.domain.accounts.new_passwords import QUEUE

ANNOUNCE = "accounts.announce_succession"
TELL = "accounts.tell_successor"


def announce_later(succession: Succession) -> None:
    """Have a worker write to the administrators of the district."""
    app.configure_task(ANNOUNCE, queue=QUEUE).defer(succession_id=succession.pk)


def tell_later(succession: Succession) -> None:
    """Have a worker write to who asked what became of it."""
    app.configure_task(TELL, queue=QUEUE).defer(succession_id=succession.pk)
