"""The source of most tests: a district's student information system."""

from pathlib import Path

import pytest
from tests.domain.imports.rosters import Door, open_door

from firstbell.domain.districts.models import District


@pytest.fixture
def sis(district: District, tmp_path: Path) -> Door:
    return open_door(district, tmp_path / "sis")
