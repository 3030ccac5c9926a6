"""A package is refused before it would take more memory than there is."""

from pathlib import Path

import pytest
from tests.domain.imports.rosters import Door
from tests.engine.district import lakeside

from firstbell.domain.imports import limits
from firstbell.domain.imports.limits import BYTES_PER_BYTE, limits_here
from firstbell.domain.imports.models import RunState
from firstbell.engine.package import Limits, Package, open_package

GIGABYTE = 1024**3
SOURCE = Path(limits.__file__).parents[2]


def test_the_setting_holds_where_memory_allows_it() -> None:
    assert limits_here(GIGABYTE, memory=64 * GIGABYTE) == Limits(unpacked=GIGABYTE)
    assert limits_here(memory=1000 * GIGABYTE) == Limits()


def test_memory_holds_where_it_is_less_and_the_finding_says_so(tmp_path: Path) -> None:
    allowed = limits_here(GIGABYTE, memory=BYTES_PER_BYTE * 1000)
    package = open_package(lakeside().write(tmp_path / "roster"), limits=allowed)
    assert not package.usable
    assert package.findings[0]["detail"].to_list() == ["0 MB unpacked, 0 MB allowed by the memory of this machine"]


def test_the_memory_of_a_container_is_what_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text("5000\n")
    (tmp_path / "none").write_text("max\n")
    monkeypatch.setattr(limits, "_CGROUPS", (tmp_path / "none", tmp_path / "missing", tmp_path / "memory.max"))
    assert limits_here().unpacked == 5000 // BYTES_PER_BYTE


def test_a_run_is_refused_by_the_same_limit(sis: Door, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memory.max").write_text("5000\n")
    monkeypatch.setattr(limits, "_CGROUPS", (tmp_path / "memory.max",))
    run = sis.bring(lakeside())
    assert run.state == RunState.REFUSED
    assert "by the memory of this machine" in run.message


def test_19_without_a_limit_memory_refuses_ten_gigabytes_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lakeside().only("orgs").write(tmp_path / "huge")
    with (folder / "users.csv").open("wb") as file:
        file.truncate(10 * GIGABYTE)

    def read(*_: object) -> None:
        raise AssertionError("read")

    monkeypatch.setattr(Package, "read", read)
    package = open_package(folder, limits=limits_here(1000 * GIGABYTE, memory=24 * GIGABYTE))
    assert not package.usable
    told = package.findings[0].row(0, named=True)
    assert told["code"] == "package-too-large"
    assert told["detail"].endswith("MB allowed by the memory of this machine")


def test_whoever_opens_a_package_asks_what_this_machine_allows() -> None:
    """A preview, a workbook: each reads the package once more, and none may take more memory than the run did."""
    own = [path.name for path in SOURCE.rglob("*.py") if "Limits(" in path.read_text()]
    assert sorted(own) == ["limits.py", "package.py"]
