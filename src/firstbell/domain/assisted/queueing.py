"""Puts work about cases into the queue, in the caller's transaction."""

from procrastinate.contrib.django import app

from firstbell.domain.assisted.models import Case
from firstbell.domain.districts.models import District

QUEUE = "imports"
"""Log-ins of cases wait with the runs: one district's go one after another."""
LETTERS = "mail"
OPEN_LOGINS = "assisted.open_logins"
WRITE = "assisted.write"
REMINDER, WARNING, SAID, DISPUTED, ANSWERED = "reminder", "warning", "said", "disputed", "answered"
"""What a letter may be about beside the state that a case came to."""


def open_logins_later(district: District, case: Case) -> None:
    """Have a worker open the log-ins that the district has confirmed."""
    app.configure_task(OPEN_LOGINS, lock=f"district-{district.pk}", queue=QUEUE).defer(
        district_id=district.pk, case_id=case.pk
    )


def write_later(district: District, case: Case, about: str) -> None:
    """Have a worker write to who has the next step."""
    app.configure_task(WRITE, queue=LETTERS).defer(district_id=district.pk, case_id=case.pk, about=str(about))
