"""A real server and a real browser: pages are tested as people meet them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
)

type OpenPage = Callable[..., Page]


class ThreadingServer(ThreadingMixIn, WSGIServer):
    """One thread per request, none of which outlives the tests."""

    daemon_threads = True


class SilentHandler(WSGIRequestHandler):
    """Writes no log to the test's output."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
        """Nothing."""


@pytest.fixture(scope="session")
def static_files() -> None:
    """The static files collected and named by their contents, as in production."""
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture(scope="session")
def server(static_files: None) -> Iterator[str]:
    """The application behind a port of this machine."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), ThreadingServer, SilentHandler) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


@pytest.fixture
def site(server: str, database: None) -> str:
    """The address of the running application; its requests may use the database while the test lasts."""
    connections.close_all()
    return server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread, by which Django would take every later test for asynchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(site: str, browser: Browser) -> Iterator[OpenPage]:
    """Opens a path in a browser window of its own: ``open_page("/people/", width=320, dark=True)``."""
    with ExitStack() as windows:

        def open_one(path: str, *, width: int = 1280, dark: bool = False, scripts: bool = True) -> Page:
            window = windows.enter_context(
                browser.new_context(
                    base_url=site,
                    viewport={"width": width, "height": 800},
                    color_scheme="dark" if dark else "light",
                    java_script_enabled=scripts,
                    reduced_motion="reduce",
                )
            )
            page = window.new_page()
            page.goto(path)
            return page

        yield open_one
