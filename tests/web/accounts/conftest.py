"""A mail server that keeps what it gets, and three people: who runs a district, a colleague, a stranger."""

import email
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pytest_django import Settings

from firstbell.project.environment import Environment
from firstbell.project.mail import mailer


@dataclass
class Postbox:
    """A real SMTP server on this machine."""

    port: int
    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep the letter."""
        assert isinstance(envelope.content, bytes)
        letter = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 OK"

    def to(self, address: str) -> list[str]:
        """The bodies of the letters to an address."""
        return [letter.get_content() for letter in self.letters if letter["To"] == address]


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    """The server, and this installation set to send by it."""
    box = Postbox(_free_port())
    settings.FIRSTBELL_SENDS_MAIL = True
    settings.DEFAULT_FROM_EMAIL = "Firstbell <rosters@example.org>"
    settings.MAILERS = {"default": mailer(_sending_to(box.port))}
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def broken_server(settings: Settings) -> None:
    """A mail server that does not answer."""
    settings.FIRSTBELL_SENDS_MAIL = True
    settings.MAILERS = {"default": mailer(_sending_to(_free_port()))}


def _sending_to(port: int) -> Environment:
    return Environment(
        smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="Firstbell <rosters@example.org>"
    )


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
