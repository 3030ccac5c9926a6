"""Codes and tokens of programs that have ended go."""

from allauth.idp.oidc.models import Token
from procrastinate.contrib.django import app


@app.periodic(cron="33 * * * *")
@app.task(name="launch.forget", queue="launch", queueing_lock="launch.forget")
def forget_what_has_ended(timestamp: int) -> None:
    """Once an hour."""
    del timestamp
    Token.objects.all().expired().delete()
