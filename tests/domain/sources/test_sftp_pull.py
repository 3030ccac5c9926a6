"""A night from a district's own SFTP server: fetched, rehearsed, applied, and nothing where nothing changed."""

import os
from pathlib import Path

import pytest
from tests.connectors.sshd import needs_sshd, running
from tests.domain.sources.conftest import Fetching
from tests.domain.sources.shelf import Shelf
from tests.engine.district import lakeside

from firstbell.connectors.catalogue import KINDS
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.sources.actions import add_connection


@needs_sshd
def test_a_roster_comes_from_openssh_s_server(
    district: District, tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    settings.FIRSTBELL_REACHABLE_HOSTS = frozenset({"127.0.0.1"})  # type: ignore[attr-defined]
    with running(tmp_path) as sshd:
        made = add_connection(district, "Integrator", KINDS["sftp_pull"], sshd.values(), by=OPERATOR)
        fetching = Fetching(district, made.source_id, Shelf(), sshd.folder)
        assert sshd.private_key not in str(fetching.connection.settings)
        fetching.lay(lakeside())
        for path in sshd.folder.iterdir():
            os.utime(path, (1_700_000_000, 1_700_000_000))
        fetching.rehearse()
        sync = fetching.sync()
        assert sync.state == "nothing_new"
        assert len(fetching.runs) == 1
