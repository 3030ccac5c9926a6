"""demo.json: where the demo is and who can sign in. It holds passwords, so only its owner can read it."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

FILE = "demo.json"
SFTP = "sftp"
"""The member that tells where files are dropped, and by whom."""


@dataclass(frozen=True, slots=True)
class Login:
    """Someone who can sign in. ``username`` is an adult's e-mail; a student's needs the ``site`` code as well.

    Vendor staff have a blank ``district``.
    """

    role: str
    district: str
    username: str
    password: str
    name: str
    sign_in: str
    site: str = ""


@dataclass(frozen=True, slots=True)
class Handout:
    """What the file says; ``others`` is what somebody else wrote into it."""

    url: str = ""
    logins: tuple[Login, ...] = ()
    others: dict[str, object] = field(default_factory=dict)


def read(path: Path) -> Handout:
    """What the last start wrote; an empty one where there is none that can be used."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        url, logins = content.pop("url"), tuple(_login(said) for said in content.pop("logins"))
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Handout()
    return Handout(url, logins, content)


def _login(said: dict[str, str]) -> Login:
    return Login(**{name: said.get(name, "") for name in Login.__dataclass_fields__})


def write(path: Path, handout: Handout) -> None:
    """Put the file in the place of an earlier one, at once."""
    logins = [_said(login) for login in handout.logins]
    content = {"url": handout.url, "logins": logins, **handout.others}
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")
    part.replace(path)


def _said(login: Login) -> dict[str, str]:
    return {name: value for name, value in asdict(login).items() if value or name == "district"}


def as_text(handout: Handout, path: Path) -> str:
    """For the terminal: the address, and a table of log-ins under each door."""
    lines = ["", f"Firstbell is at {handout.url}"]
    for door in dict.fromkeys(login.sign_in for login in handout.logins):
        here = [login for login in handout.logins if login.sign_in == door]
        lines += ["", f"Sign in at {door}"]
        rows = [(login.district or "-", login.role.replace("_", " "), login.username, login.password) for login in here]
        widths = [max(len(row[place]) for row in rows) for place in range(4)]
        lines += ["  " + "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
    match handout.others.get(SFTP):
        case {"host": host, "port": port, "username": user, "password": password, "source": source}:
            lines += ["", f"Drop files of {source} at sftp://{host}:{port}/", f"  {user}  {password}"]
    return "\n".join([*lines, "", f"All of this is in {path} too. Ctrl+C stops the demo; its data stays."])
