"""Letters that wait in the queue, and what is tidied at night."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from firstbell.domain.accounts.mail import sends_mail
from firstbell.domain.accounts.models import Account, SuccessionState
from firstbell.domain.accounts.new_passwords import QUEUE, SEND_LINK, NotSent, send_link
from firstbell.domain.accounts.queueing import ANNOUNCE, TELL
from firstbell.domain.accounts.staff import close_dormant_staff
from firstbell.domain.accounts.succession import find_succession, invites_by_itself, list_due
from firstbell.domain.accounts.succession_letters import (
    addresses_to_announce,
    announce,
    invite_due,
    tell_successor,
)
from firstbell.domain.districts.rounds import go_round

FEW_TIMES = RetryStrategy(max_attempts=5, exponential_wait=5)


@app.task(name=SEND_LINK, queue=QUEUE, retry=FEW_TIMES)
def send_new_password_link(account_id: int, origin: str) -> None:
    """Send the link, unless the account is closed or gone meanwhile."""
    account = Account.objects.filter(pk=account_id, is_active=True, email__isnull=False).first()
    if account is not None:
        send_link(account, origin)


@app.task(name=ANNOUNCE, queue=QUEUE, retry=FEW_TIMES)
def announce_succession(succession_id: int) -> None:
    """Have a letter written to each administrator, each by a job of its own: one that fails is tried again alone."""
    succession = find_succession(succession_id)
    if succession is not None and succession.state == SuccessionState.ANNOUNCED:
        for address in addresses_to_announce(succession):
            announce_to.defer(succession_id=succession_id, address=address)


@app.task(name="accounts.announce_to", queue=QUEUE, retry=FEW_TIMES)
def announce_to(succession_id: int, address: str) -> None:
    """Write to one of them, unless it is over meanwhile."""
    succession = find_succession(succession_id)
    if succession is None or succession.state != SuccessionState.ANNOUNCED:
        return
    if sends_mail() and not announce(succession, address):
        raise NotSent


@app.task(name=TELL, queue=QUEUE, retry=FEW_TIMES)
def tell_what_became(succession_id: int) -> None:
    """Write to who asked that nothing comes of it."""
    succession = find_succession(succession_id)
    if succession is not None and sends_mail() and not tell_successor(succession):
        raise NotSent


@app.periodic(cron="*/10 * * * *")
@app.task(name="accounts.invite_successors", queue=QUEUE, queueing_lock="accounts.invite_successors")
def invite_successors(timestamp: int) -> None:
    """Invite who asked, where the days for objecting are over. Without a mail server staff do it, by their page."""
    del timestamp
    due = list_due() if invites_by_itself() else []
    each = ((succession.district, succession) for succession in due)
    go_round("accounts.invite_successors", each, lambda _, succession: invite_due(succession))


@app.periodic(cron="17 3 * * *")
@app.task(name="accounts.close_dormant_staff", queue=QUEUE, queueing_lock="accounts.close_dormant_staff")
def close_dormant(timestamp: int) -> None:
    """Once a night."""
    del timestamp
    close_dormant_staff()
