"""`firstbell serve`: the web server."""

import click

from firstbell.cli.main import django_ready

WSGI = "firstbell.project.wsgi:application"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that answer.")
@click.option("--threads", default=16, show_default=True, type=click.IntRange(1, 256), help="Threads of each.")
@click.option("--quiet", is_flag=True, help="Say nothing when all is well.")
def serve(*, host: str, port: int, workers: int, threads: int, quiet: bool) -> None:
    """Serve the pages and the API until it is told to stop (Ctrl+C)."""
    django_ready()
    from django.conf import settings  # noqa: PLC0415 (settings come after django_ready)
    from django.core.management import call_command  # noqa: PLC0415
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415
    from granian.server import Server  # noqa: PLC0415

    call_command("collectstatic", interactive=False, verbosity=0)
    server = Server(
        WSGI,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        respawn_failed_workers=True,
        log_level=LogLevels.error,  # it would name its processes at every start
        log_dictconfig={**settings.LOGGING, "loggers": {"_granian": {"level": "ERROR"}}},
    )
    if not quiet:
        click.echo(f"Firstbell answers on http://{host}:{port}/ (Ctrl+C stops it).", err=True)
    server.serve()
