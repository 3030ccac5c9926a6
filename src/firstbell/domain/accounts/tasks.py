"""Letters that wait in the queue, and what is tidied at night."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from firstbell.domain.accounts.models import Account
from firstbell.domain.accounts.new_passwords import QUEUE, SEND_LINK, send_link
from firstbell.domain.accounts.staff import close_dormant_staff

FEW_TIMES = RetryStrategy(max_attempts=5, exponential_wait=5)


@app.task(name=SEND_LINK, queue=QUEUE, retry=FEW_TIMES)
def send_new_password_link(account_id: int, origin: str) -> None:
    """Send the link, unless the account is closed or gone meanwhile."""
    account = Account.objects.filter(pk=account_id, is_active=True, email__isnull=False).first()
    if account is not None:
        send_link(account, origin)


@app.periodic(cron="17 3 * * *")
@app.task(name="accounts.close_dormant_staff", queue=QUEUE, queueing_lock="accounts.close_dormant_staff")
def close_dormant(timestamp: int) -> None:
    """Once a night."""
    del timestamp
    close_dormant_staff()
