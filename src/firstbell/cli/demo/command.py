"""`firstbell demo`: set-up, then the web server and a worker until one of them ends or is told to."""

import sys

import click

from firstbell.cli.demo.processes import Address, ensure_free, find_free, running
from firstbell.cli.main import django_ready


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--sftp-port",
    default=2222,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port for files over SFTP, or the next one that is free.",
)
def demo(*, host: str, port: int, sftp_port: int) -> None:
    """Start Firstbell with three made-up districts: pages, API, SFTP and a worker, until Ctrl+C.

    The first start makes the districts, their people and log-ins; the next ones find them as they were left.
    The log-ins are printed, and written to demo.json in FIRSTBELL_HOME.
    """
    address = Address(host, port)
    ensure_free(address)
    sftp = find_free(Address(host, sftp_port))
    click.echo("Starting PostgreSQL; the first time, three districts are made, which takes some seconds.", err=True)
    django_ready()
    from django.conf import settings  # noqa: PLC0415 (settings come after django_ready)
    from django.db import connections  # noqa: PLC0415

    from firstbell.cli.demo import handout  # noqa: PLC0415
    from firstbell.cli.demo.districts import set_up  # noqa: PLC0415
    from firstbell.cli.demo.programs import KEY, ensure_programs  # noqa: PLC0415
    from firstbell.cli.demo.sftp import open_sftp  # noqa: PLC0415

    path = settings.FIRSTBELL_HOME / handout.FILE
    before = handout.read(path)
    logins = set_up(before.logins, address.url)
    drop = open_sftp(before.others.get(handout.SFTP), sftp)
    programs = ensure_programs(before.others.get(KEY))
    after = handout.Handout(address.url, logins, {**before.others, handout.SFTP: drop, KEY: programs})
    handout.write(path, after)
    connections.close_all()
    with running(address, sftp, hosts=settings.ALLOWED_HOSTS) as processes:
        processes.wait_until_it_answers()
        click.echo(handout.as_text(after, path))
        sys.exit(processes.wait_until_one_ends())
