"""A real SMTP server for tests: what was sent is read from the server that received it."""

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import override_settings


class Postbox:
    """Keeps every letter that it receives."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """A letter has come."""
        content = envelope.content
        assert isinstance(content, bytes)
        letter = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 kept"

    def to(self, address: str) -> list[EmailMessage]:
        """The letters to an address."""
        return [letter for letter in self.letters if address in str(letter["To"])]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def receiving() -> Iterator[Postbox]:
    """A server on a port of this machine, to which Django's mail goes meanwhile."""
    postbox, port = Postbox(), _free_port()
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        mailer = {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 60},
        }
        with override_settings(MAILERS={"default": mailer}, FIRSTBELL_SENDS_MAIL=True):
            yield postbox
    finally:
        controller.stop()
