"""`firstbell demo`: two made-up districts, the web server and a worker, in one command."""

from firstbell.cli.demo.command import demo

__all__ = ["demo"]
