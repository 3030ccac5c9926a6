"""What an operator may set: one class of environment variables, checked once, with one clear line when one is wrong.

`python -m firstbell.project.environment` prints docs/reference/settings.md.
"""

import base64
import binascii
import sys
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from firstbell.domain.advice.settings import read_settings

MASTER_KEY_BYTES = 32
SECRET_KEY_CHARACTERS = 50
PREFIX = "FIRSTBELL_"


class EnvironmentFault(Exception):
    """The environment is wrong; the text is the one line to show an operator."""


def _postgresql_url(url: str) -> str:
    if not url:
        return url
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ValueError("is not a PostgreSQL address, write postgresql://user:password@host:5432/database")
    if not parts.path.strip("/"):
        raise ValueError("names no database, end it with /database")
    if not parts.username:
        raise ValueError("names no user, write postgresql://user:password@host:5432/database")
    return url


def _base64_keys(keys: SecretStr) -> SecretStr:
    for text in keys.get_secret_value().replace(",", " ").split():
        _ensure_base64_key(text)
    return keys


def _ensure_base64_key(text: str) -> None:
    try:
        size = len(base64.b64decode(text, validate=True))
    except binascii.Error:
        raise ValueError("is not base64, make one with: openssl rand -base64 32") from None
    if size != MASTER_KEY_BYTES:
        raise ValueError(f"holds {size} bytes instead of {MASTER_KEY_BYTES}, make one with: openssl rand -base64 32")


def _long_enough(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value()) < SECRET_KEY_CHARACTERS:
        raise ValueError(f"is shorter than {SECRET_KEY_CHARACTERS} characters, make one with: openssl rand -base64 48")
    return secret


type DatabaseUrl = Annotated[str, AfterValidator(_postgresql_url)]


class Environment(BaseSettings):
    """Every setting of Firstbell. A field's description is its documentation."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, populate_by_name=True)

    home: Path = Field(
        default=Path("var"),
        description="Folder for everything Firstbell keeps: the embedded database, files of runs, generated keys.",
    )
    database_url: DatabaseUrl = Field(
        default="",
        validation_alias="DATABASE_URL",
        description="Log-in of the database's owner on PostgreSQL 15 or newer, "
        "`postgresql://user:password@host:5432/name`. Empty: an embedded PostgreSQL under FIRSTBELL_HOME.",
    )
    database_app_url: DatabaseUrl = Field(
        default="",
        description="Log-in of the application role, made by you, for a database whose owner may not create roles. "
        "Empty: `firstbell migrate` makes the role `<database>_app` and keeps its password "
        "under FIRSTBELL_HOME/keys; several machines on one database need it set.",
    )
    secret_key: Annotated[SecretStr, AfterValidator(_long_enough)] = Field(
        default=SecretStr(""),
        description="Signs sessions and links; the same on every machine of one installation. "
        "Empty: made once and kept under FIRSTBELL_HOME/keys.",
    )
    master_key: Annotated[SecretStr, AfterValidator(_base64_keys)] = Field(
        default=SecretStr(""),
        description="32 bytes in base64 that wrap every district's data key; lose it and the files of runs are lost. "
        "Several, the newest first, where keys are turned (`firstbell rotate-key`). "
        "Empty: made once and kept under FIRSTBELL_HOME/keys.",
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("localhost", "127.0.0.1", "[::1]"),
        description="Names under which people reach this installation, separated by commas.",
    )
    https: bool = Field(
        default=False,
        description="True when people reach it by HTTPS: cookies become secure, HTTP is redirected, "
        "browsers remember it (HSTS).",
    )
    url: str = Field(
        default="",
        description="Address by which people reach it, `https://rosters.example.org`, for links in letters. Empty: made"
        " of the first of FIRSTBELL_HOSTS.",
    )
    proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="How many proxies of yours stand in front; their X-Forwarded-For and X-Forwarded-Proto are "
        "believed, no others.",
    )
    smtp_host: str = Field(
        default="",
        description="Name of the mail server that invitations and new-password links are sent by. Empty: no mail is"
        " sent, and pages show the link to hand over instead.",
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the way to it is protected; `none` only on a network of your own."
    )
    smtp_user: str = Field(default="", description="Log-in at the mail server, if it asks for one.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="The password of that log-in.")
    mail_from: str = Field(
        default="", description="Address that mail comes from, `Firstbell <rosters@example.org>`; needed with a server."
    )
    spaces: Literal["verified", "at_once", "closed"] = Field(
        default="verified",
        description="What happens when a school asks for its own space on the public page: vendor staff verify it"
        " first (`verified`), it opens at once and its first administrator is invited by mail (`at_once`, with a mail"
        " server only), or nobody can ask (`closed`).",
    )
    dormant_days: int = Field(
        default=90, ge=1, description="After so many days without signing in, an account of vendor staff is closed."
    )
    objection_days: int = Field(
        default=7,
        ge=1,
        description="For so many days the administrators of a district can object before somebody is invited in"
        " their place.",
    )
    staff_second_step: bool = Field(
        default=True,
        description="Whether vendor staff need a second step to see a district. `firstbell demo` switches it off for"
        " its made-up people; nobody else should.",
    )
    debug: bool = Field(
        default=False,
        description="Shows a developer the cause of an error in the browser. Never with children's data.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="How much is written to the log (standard error)."
    )
    max_upload_mb: int = Field(default=512, ge=1, description="Largest package that may be uploaded, in MB.")
    max_unpacked_mb: int = Field(
        default=4096,
        ge=1,
        description="Largest package after unpacking, in MB, or a tenth of the memory if that is less; what unpacks to"
        " more is refused unread.",
    )

    reachable_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Names of hosts that sources may fetch from although their address is private or this machine's"
        " own, separated by commas. All others with such an address are refused.",
    )
    metrics_token: SecretStr = Field(
        default=SecretStr(""),
        description="What Prometheus sends (`Authorization: Bearer TOKEN`) to read /metrics. Empty: there is none.",
    )
    sftp_address: str = Field(
        default="",
        description="Host and port by which districts reach `firstbell sftp`, `drop.example.org:22`: shown on their"
        " sources' pages. Empty: the pages say to ask you.",
    )
    watched: Path | None = Field(
        default=None,
        description="Folder in which sources of the kind *watched folder* have theirs. Empty: there are none.",
    )
    drop_quiet_seconds: int = Field(
        default=120,
        ge=1,
        description="So long must files that were dropped (SFTP, watched folder) be unchanged before they are taken,"
        " where no marker file says that they are whole.",
    )
    reads_a_minute: int = Field(
        default=12_000,
        ge=0,
        description="So many questions a minute may one program ask by OneRoster, of each server process; more are"
        " answered with 429 and Retry-After. 0: as many as it likes.",
    )
    advice: Path | None = Field(
        default=None,
        description="TOML file with the advisor's own thresholds, words and contact, see "
        "[advice.md](advice.md). Empty: the defaults.",
    )

    @field_validator("advice", mode="before")
    @classmethod
    def _usable_advice(cls, value: object) -> object:
        if not value:
            return None
        read_settings(Path(str(value)))
        return value

    @field_validator("hosts", "reachable_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        return tuple(host.strip() for host in value.split(",") if host.strip()) if isinstance(value, str) else value

    @field_validator("home")
    @classmethod
    def _absolute_home(cls, home: Path) -> Path:
        if home.exists() and not home.is_dir():
            raise ValueError(f"{home} is a file, name a folder")
        return home.expanduser().absolute()

    @model_validator(mode="after")
    def _mail_has_a_sender(self) -> Self:
        if self.smtp_host and "@" not in self.mail_from:
            raise EnvironmentFault(
                f"firstbell: {PREFIX}MAIL_FROM: is needed with {PREFIX}SMTP_HOST, write Firstbell <rosters@example.org>"
            )
        return self

    @property
    def site(self) -> str:
        """Where links in letters lead, without a slash at the end."""
        return self.url.rstrip("/") or f"{'https' if self.https else 'http'}://{self.hosts[0] if self.hosts else ''}"

    @property
    def embedded(self) -> bool:
        """True when the database is the PostgreSQL that comes with Firstbell."""
        return not self.database_url


def variable(name: str, field: FieldInfo) -> str:
    """The environment variable that sets a field."""
    return field.validation_alias if isinstance(field.validation_alias, str) else f"{PREFIX}{name.upper()}"


def read_environment() -> Environment:
    """Read and check the environment; raises EnvironmentFault with one line that names the variable and the remedy."""
    try:
        return Environment()
    except ValidationError as fault:
        raise EnvironmentFault(_one_line(fault)) from None


@cache
def environment() -> Environment:
    """The environment of this process, read once."""
    return read_environment()


def _one_line(fault: ValidationError) -> str:
    first = fault.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0])
    named = {variable(key, field): field for key, field in Environment.model_fields.items()}
    spelled = name if name in named else variable(name, Environment.model_fields[name])
    said = first["msg"].removeprefix("Value error, ")
    if said != first["msg"]:
        return f"firstbell: {spelled}: {said}"
    return f"firstbell: {spelled}: {said[:1].lower()}{said[1:]}, unset it or see docs/reference/settings.md"


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr) or value in ("", None):
        return "empty"
    if isinstance(value, tuple):
        return f"`{','.join(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def render_settings_page() -> str:
    """The text of docs/reference/settings.md, Markdown."""
    lines = [
        "# Settings",
        "",
        (
            "Firstbell reads its settings from the environment when it starts. A wrong one stops it with one line and "
            "exit code 2."
        ),
        "This page is generated: `python -m firstbell.project.environment > docs/reference/settings.md`.",
        "",
        "| Variable | Default | Meaning |",
        "| --- | --- | --- |",
    ]
    for name, field in Environment.model_fields.items():
        lines.append(f"| `{variable(name, field)}` | {_default(field)} | {field.description} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(render_settings_page())
