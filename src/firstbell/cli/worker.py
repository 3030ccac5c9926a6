"""`firstbell worker`: does the work that waits in the queue."""

from typing import TYPE_CHECKING, cast

import click

from firstbell.cli.main import django_ready

if TYPE_CHECKING:
    from procrastinate.contrib.django.django_connector import DjangoConnector


@click.command()
@click.option("--queue", "queues", multiple=True, help="Only this queue; may be given several times.")
@click.option("--concurrency", default=2, show_default=True, type=click.IntRange(1, 32), help="Jobs at a time.")
@click.option("--until-idle", is_flag=True, help="End when no work is left.")
@click.option("--metrics-port", type=click.IntRange(1, 65535), help="Answer Prometheus on this port.")
@click.option("--metrics-host", default="127.0.0.1", show_default=True, help="And at this address.")
def worker(
    *, queues: tuple[str, ...], concurrency: int, until_idle: bool, metrics_port: int | None, metrics_host: str
) -> None:
    """Do the work that waits, as the application role, until it is told to stop (Ctrl+C lets jobs finish).

    Run as many as you like, on as many machines as you like.
    """
    django_ready()
    from procrastinate.contrib.django import app  # noqa: PLC0415 (the app is made by Django's set-up)
    from prometheus_client import start_http_server  # noqa: PLC0415

    from firstbell.domain.sources.measuring import DONE  # noqa: PLC0415

    if metrics_port:
        start_http_server(metrics_port, metrics_host, registry=DONE)

    connector = cast("DjangoConnector", app.connector)
    with app.replace_connector(connector.get_worker_connector()) as running:
        running.run_worker(queues=list(queues) or None, concurrency=concurrency, wait=not until_idle)
