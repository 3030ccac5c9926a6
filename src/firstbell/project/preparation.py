"""What a command that uses the database needs first: a running cluster, Django, and tables of this version."""

import fcntl
import os
from pathlib import Path
from typing import IO

import django

from firstbell.project.cluster import ClusterFault, ensure_cluster
from firstbell.project.environment import Environment, EnvironmentFault, environment
from firstbell.project.keys import make_keys
from firstbell.project.notes import read_note


class NotReady(Exception):
    """Firstbell cannot start; the text is the one line to show an operator."""


def prepare(*, upgraded: bool = True) -> None:
    """Start the embedded cluster if that is the database, set Django up, and see that the tables fit; raises NotReady.

    The embedded database is upgraded on the way; a server of somebody's own only by `firstbell migrate`.
    `upgraded=False` leaves the tables as they are.
    """
    try:
        found = environment()
        _ensure_whole(found.home)
        make_keys(found.home)
        if found.embedded:
            ensure_cluster(found.home)
        else:
            _hold(found.home)
    except EnvironmentFault as fault:
        raise NotReady(str(fault)) from None
    except (ClusterFault, OSError) as fault:
        raise NotReady(f"firstbell: {fault}") from fault
    os.environ["DJANGO_SETTINGS_MODULE"] = "firstbell.project.settings"
    django.setup()
    if upgraded:
        _ensure_upgraded(found)


def _ensure_whole(home: Path) -> None:
    """A restore that was stopped in its last step has left the old beside the new: nothing may work on that."""
    if read_note(home) is not None:
        raise NotReady("firstbell: a restore stopped half way here, finish it: firstbell restore BACKUP --keys FILE")


def _hold(home: Path) -> None:
    """Tell who would restore into this home that somebody works here, as users of the embedded cluster do."""
    users = (home / "postgres.users").open("ab")
    try:
        fcntl.flock(users, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        users.close()
        raise NotReady("firstbell: this home is being restored, try again when that is done") from None
    _held.append(users)


_held: list[IO[bytes]] = []
"""Open until this process ends."""


def _ensure_upgraded(found: Environment) -> None:
    from django.db import OperationalError, connections  # noqa: PLC0415 (Django is set up by now)

    from firstbell.domain.districts.upgrading import OWNER, is_upgraded, upgrade  # noqa: PLC0415

    try:
        if not is_upgraded():
            if not found.embedded:
                raise NotReady("firstbell: the database is of another version of Firstbell, run: firstbell migrate")
            upgrade()
        _ensure_walled(found)
    except OperationalError as fault:
        raise NotReady(f"firstbell: DATABASE_URL: {_first_line(fault)}") from fault
    finally:
        connections[OWNER].close()


def _ensure_walled(found: Environment) -> None:
    """The application role can log in, and has the wall before it. The embedded one gets a new password if it must."""
    from django.db import OperationalError  # noqa: PLC0415 (Django is set up by now)

    from firstbell.domain.districts import application_role as role  # noqa: PLC0415
    from firstbell.domain.districts.upgrading import upgrade  # noqa: PLC0415

    try:
        try:
            role.ensure_ourselves_behind_the_wall()
        except OperationalError as fault:
            if not found.embedded:
                raise role.RoleRefused(f"{_first_line(fault)} (firstbell migrate sets the password)") from fault
            upgrade()
            role.ensure_ourselves_behind_the_wall()
    except role.RoleRefused as fault:
        raise NotReady(f"firstbell: FIRSTBELL_DATABASE_APP_URL: {fault}") from fault


def _first_line(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0]
