"""Work on portfolios that comes by the clock: looking at every district, and the letter of the week."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from firstbell.domain.accounts.models import StaffMembership
from firstbell.domain.advice.models import DistrictContact
from firstbell.domain.districts.queries import list_districts
from firstbell.domain.districts.rounds import visit_each
from firstbell.domain.portfolio.letters import send_week
from firstbell.domain.portfolio.looking import look_at
from firstbell.domain.portfolio.models import Weekly

QUEUE = "advice"
LETTERS = "mail"
WRITE = "portfolio.write_week"
FEW_TIMES = RetryStrategy(max_attempts=8, exponential_wait=4)


@app.periodic(cron="7 * * * *")
@app.task(name="portfolio.look", queue=QUEUE, queueing_lock="portfolio.look")
def look_at_all(timestamp: int) -> None:
    """Look at every district, one after the other."""
    del timestamp
    visit_each("portfolio.look", list_districts(), lambda district: look_at(district, now=timezone.now()))


@app.periodic(cron="10 12 * * 1")
@app.task(name="portfolio.week", queue=LETTERS, queueing_lock="portfolio.week")
def begin_week(timestamp: int) -> None:
    """Each Monday, a letter to everybody of the vendor who looks after a district."""
    del timestamp
    week = _monday(timezone.now().date())
    looks_after = DistrictContact.objects.values("email")
    for staff in StaffMembership.objects.filter(account__is_active=True, account__email__in=looks_after).order_by("id"):
        app.configure_task(WRITE, queue=LETTERS).defer(staff_id=staff.pk, week=week.isoformat())


@app.task(name=WRITE, queue=LETTERS, retry=FEW_TIMES)
@transaction.atomic
def write_week(staff_id: int, week: str) -> None:
    """Write one letter, once a week. Its row is made first: of two workers one waits, and sees it."""
    staff = StaffMembership.objects.select_related("account").filter(pk=staff_id, account__is_active=True).first()
    if staff is None:
        return
    _, is_new = Weekly.objects.get_or_create(account=staff.account, week=date.fromisoformat(week))
    if is_new:
        send_week(staff, now=timezone.now())


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
