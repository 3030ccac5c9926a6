"""Puts work about advice into the queue, in the caller's transaction."""

from procrastinate.contrib.django import app

from firstbell.domain.advice.models import Prospect

QUEUE = "advice"
TELL_OF_PROSPECT = "advice.tell_of_prospect"


def tell_later(prospect: Prospect) -> None:
    """Have a worker write to the deployment's contact."""
    app.configure_task(TELL_OF_PROSPECT, queue=QUEUE).defer(prospect_id=prospect.pk)
