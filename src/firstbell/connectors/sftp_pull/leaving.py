"""Leaving a file on an SFTP server of others: the same log-in and the same pinned key as for fetching."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from firstbell.connectors.reach import Reach
from firstbell.connectors.sftp_pull.client import alone, opened
from firstbell.connectors.sftp_pull.kind import KIND
from firstbell.connectors.sftp_pull.settings import read_settings

NOT_ASKED = frozenset({"files", "take"})
"""Settings of fetching that say nothing here."""
SAID = {
    "host_key": "Its fingerprint (SHA256:...) or public key, one a line, from whoever runs it. Nothing is left before"
    " one is entered; left blank, the first try tells which one it shows.",
    "folder": "Where the files are left; blank for where one gets by signing in.",
}
"""Help that is another than for fetching."""
SETTINGS = tuple(
    replace(setting, help=SAID.get(setting.name, setting.help))
    for setting in KIND.settings
    if setting.name not in NOT_ASKED
)


def leave_file(values: Mapping[str, str], file: Path, name: str, reach: Reach) -> None:
    """Put a file into the folder of the settings under a name. Raises Trouble."""
    settings = read_settings({setting.name: values.get(setting.name, setting.default) for setting in KIND.settings})

    async def leave() -> None:
        async with opened(settings, reach) as session:
            await session.leave(file, name)

    alone(leave())
