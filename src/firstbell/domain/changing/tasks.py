"""Changes of method whose day has come."""

from procrastinate.contrib.django import app

from firstbell.domain.changing.actions import carry_out_planned
from firstbell.domain.districts.queries import list_districts, today_of
from firstbell.domain.districts.rounds import visit_each


@app.periodic(cron="4 * * * *")
@app.task(name="changing.carry_out_planned", queue="signon", queueing_lock="changing.carry_out_planned")
def carry_out(timestamp: int) -> None:
    """Each hour, since the day begins in each district at its own hour."""
    del timestamp
    visit_each(
        "changing.carry_out_planned",
        list_districts(),
        lambda district: carry_out_planned(district, today=today_of(district)),
    )
