"""Puts work about advice into the queue, in the caller's transaction."""

from procrastinate.contrib.django import app

from firstbell.domain.advice.models import ContactRequest, Prospect
from firstbell.domain.districts.models import District

QUEUE = "advice"
ASKED, ANSWERED, ESCALATED = "asked", "answered", "escalated"
"""What a letter about a request is about."""
WRITE = "advice.write"
TELL_OF_PROSPECT = "advice.tell_of_prospect"


def tell_later(prospect: Prospect) -> None:
    """Have a worker write to the deployment's contact."""
    app.configure_task(TELL_OF_PROSPECT, queue=QUEUE).defer(prospect_id=prospect.pk)


def write_later(about: str, district: District, request: ContactRequest) -> None:
    """Have a worker write a letter about a request; what is asked in a practice space, nobody is told."""
    if district.is_practice:
        return
    app.configure_task(WRITE, queue=QUEUE).defer(about=about, district_id=district.pk, request_id=request.pk)
