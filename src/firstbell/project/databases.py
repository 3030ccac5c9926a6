"""Django's two aliases on one database: `default` is the application role, `owner` migrates and nothing else."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from firstbell.project import postmaster
from firstbell.project.cluster import DATABASE, OWNER
from firstbell.project.environment import Environment
from firstbell.project.keys import read_key


@dataclass(frozen=True)
class LogIn:
    """Where a database is and who logs in; `options` are libpq's (sslmode and the like)."""

    host: str
    port: str
    database: str
    user: str
    password: str
    options: tuple[tuple[str, str], ...] = ()


def django_databases(environment: Environment) -> dict[str, dict[str, Any]]:
    """Django's DATABASES."""
    owner = owner_log_in(environment)
    return {"default": _alias(application_log_in(environment, owner)), "owner": _alias(owner)}


def owner_log_in(environment: Environment) -> LogIn:
    """The owner's log-in: DATABASE_URL, or the embedded cluster's."""
    if environment.database_url:
        return _read_url(environment.database_url)
    socket = str(postmaster.socket_folder(environment.home))
    return LogIn(socket, "5432", DATABASE, OWNER, read_key(environment.home, "database-owner"))


def application_log_in(environment: Environment, owner: LogIn) -> LogIn:
    """The application role's log-in: the operator's, or that of the role which `firstbell migrate` makes."""
    if environment.database_app_url:
        return _read_url(environment.database_app_url)
    password = read_key(environment.home, "database-app")
    return LogIn(owner.host, owner.port, owner.database, f"{owner.database}_app", password, owner.options)


def _read_url(url: str) -> LogIn:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return LogIn(
        host=host,
        port=str(parts.port or ""),
        database=unquote(parts.path.lstrip("/")),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        options=tuple(sorted(options.items())),
    )


def _alias(log_in: LogIn) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": log_in.host,
        "PORT": log_in.port,
        "NAME": log_in.database,
        "USER": log_in.user,
        "PASSWORD": log_in.password,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(log_in.options),
    }
