"""`firstbell sftp`: the SFTP server into which districts drop their rosters."""

import asyncio
import signal

import click

from firstbell.cli.main import django_ready


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=2222, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@click.option("--quiet", is_flag=True, help="Say nothing when all is well.")
def sftp(*, host: str, port: int, quiet: bool) -> None:
    """Take files over SFTP until it is told to stop (Ctrl+C).

    Each source of the kind "SFTP drop" has a user, which its page names. The server's own keys are made once, under
    FIRSTBELL_HOME/keys; files lie under FIRSTBELL_HOME/drops until they are taken, so one server runs on one home.
    """
    django_ready()
    from django.conf import settings  # noqa: PLC0415 (settings come after django_ready)

    from firstbell.connectors.sftp_drop.server import Place, fingerprint_of, make_host_keys, serve  # noqa: PLC0415
    from firstbell.domain.sources.dropping import Keeper  # noqa: PLC0415

    keys = make_host_keys(settings.FIRSTBELL_HOME / "keys")
    place = Place(host, port, keys, settings.FIRSTBELL_MAX_UPLOAD_BYTES)

    def told(bound: int) -> None:
        if not quiet:
            click.echo(f"Firstbell takes files on sftp://{host}:{bound}/ (Ctrl+C stops it).", err=True)
            for path in keys:
                click.echo(f"  {fingerprint_of(path)}", err=True)

    async def run() -> None:
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        await serve(place, Keeper(), told=told, ended=ended)

    try:
        asyncio.run(run())
    except OSError as problem:
        raise click.ClickException(f"{host}:{port}: {problem.strerror or problem}. Choose another --port.") from problem
