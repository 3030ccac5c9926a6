"""`firstbell answer`: answer a request of a district."""

import click

from firstbell.cli.arguments import BY
from firstbell.cli.main import django_ready
from firstbell.cli.packages import Unusable, plain


@click.command()
@click.argument("number", metavar="REQUEST", type=click.IntRange(min=1))
@click.argument("text", metavar="TEXT")
@click.option("--district", "code", metavar="CODE", required=True, help="The request's district.")
@BY
def answer(number: int, text: str, *, code: str, person: str | None) -> None:
    """Answer REQUEST with TEXT: on its district's Contact page, and by mail to who asked.

    Exit code: 0 answered, 1 it is settled already, 2 no such request.
    """
    django_ready()
    from django.utils import timezone  # noqa: PLC0415 (after django_ready)

    from firstbell.cli import carrying  # noqa: PLC0415
    from firstbell.domain.advice.asking import BadRequest, NotOpen, answer_request  # noqa: PLC0415
    from firstbell.domain.advice.queries import find_request  # noqa: PLC0415

    district = carrying.district_or_stop(code)
    request = find_request(district, number)
    if request is None:
        raise Unusable(f"{district.code} has no request {number}, see firstbell requests.")
    try:
        answer_request(district, request, text, now=timezone.now(), by=carrying.operator_named(person))
    except BadRequest as problem:
        raise Unusable(plain(str(problem))) from problem
    except NotOpen as problem:
        raise carrying.NotDone(str(problem)) from problem
    click.echo(f"Request {number} of {district.code} is answered.")
