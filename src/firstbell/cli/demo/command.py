"""`firstbell demo`: set-up, then the web server and a worker until one of them ends or is told to."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from firstbell.cli.main import django_ready

COMMAND = [sys.executable, "-m", "firstbell.project.command"]
PATIENCE = 10.0
"""Seconds that a process may take to end when it is told to."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
def demo(*, host: str, port: int) -> None:
    """Start Firstbell with two made-up districts: pages, API and a worker, until Ctrl+C."""
    click.echo("Starting PostgreSQL and making two districts (some seconds, the first time) ...", err=True)
    django_ready()
    from django.conf import settings  # noqa: PLC0415 (settings come after django_ready)
    from django.db import connections  # noqa: PLC0415

    from firstbell.cli.demo.districts import make_demo  # noqa: PLC0415

    url = f"http://{host}:{port}/"
    logins = make_demo(settings.FIRSTBELL_HOME, url)
    connections.close_all()
    with _processes(host, port) as running:
        click.echo(f"\nFirstbell is at {url}\n")
        for login in logins:
            click.echo(f"  {login['district']:<13} {login['role']:<23} {login['username']:<36} {login['password']}")
        click.echo(f"\nThese are in {settings.FIRSTBELL_HOME / 'demo.json'} too. Ctrl+C stops it.")
        sys.exit(_wait(running))


@contextmanager
def _processes(host: str, port: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    running = [
        subprocess.Popen([*COMMAND, "serve", "--host", host, "--port", str(port)]),
        subprocess.Popen([*COMMAND, "worker"]),
    ]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        yield running
    finally:
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait(running: list[subprocess.Popen[bytes]]) -> int:
    """Until one ends; its exit code."""
    try:
        while True:
            for process in running:
                code = process.poll()
                if code is not None:
                    return code
            time.sleep(0.2)
    except KeyboardInterrupt:
        return 0
