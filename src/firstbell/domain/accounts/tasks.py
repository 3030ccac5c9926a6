"""Letters that wait in the queue."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from firstbell.domain.accounts.models import Account
from firstbell.domain.accounts.new_passwords import QUEUE, SEND_LINK, send_link

FEW_TIMES = RetryStrategy(max_attempts=5, exponential_wait=5)


@app.task(name=SEND_LINK, queue=QUEUE, retry=FEW_TIMES)
def send_new_password_link(account_id: int, origin: str) -> None:
    """Send the link, unless the account is closed or gone meanwhile."""
    account = Account.objects.filter(pk=account_id, is_active=True, email__isnull=False).first()
    if account is not None:
        send_link(account, origin)
