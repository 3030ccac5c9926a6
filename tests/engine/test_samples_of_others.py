"""Rosters that others published: valid ones are clean, invalid ones fail with their cause. Skipped where absent."""

from pathlib import Path

import pytest

from firstbell.engine.findings import counts
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import Plan, inspect, plan
from firstbell.engine.policy import Policy
from firstbell.engine.snapshot import Snapshot

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "samples"

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples lie beside the repository, not in it")

CAUSES = {
    "csv-quote-failure": "row-quote",
    "duplicate-sourcedid-failure": "id-twice",
    "manifest-marks-supplied-file-missing": "file-missing",
    "missing-manifest": "package-empty",
    "missing-target-record-failure": "reference-missing",
    "schema-header-and-metadata-failures": "column-unknown",
}
VALID = (
    "full-bulk-package",
    "manifest-only-package",
    "metadata-columns",
    "rostering-bulk-package",
    "rostering-delta-package",
)
GENERATED = ("oneroster-district-medium", "oneroster-school-small")


@pytest.mark.parametrize("name", VALID)
def test_a_valid_package_is_clean_even_when_strict_and_goes(name: str) -> None:
    path = SAMPLES / "oneroster-1.2-cases" / f"valid_{name}.zip"
    assert not inspect(open_package(path), strict=True)[1].findings.height
    result = plan(open_package(path), Snapshot(), Policy())
    assert isinstance(result, Plan)
    assert not result.verdict.holds
    assert not counts(result.checked.findings)["error"]


@pytest.mark.parametrize(("name", "cause"), CAUSES.items())
def test_an_invalid_package_fails_when_strict_and_names_its_cause(name: str, cause: str) -> None:
    path = SAMPLES / "oneroster-1.2-cases" / f"invalid_{name}.zip"
    found = inspect(open_package(path), strict=True)[1].findings
    assert found.filter(code=cause)["severity"].unique().to_list() in (["error"], ["fatal"])


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_district_of_1_1_has_the_one_fault_it_is_known_for(name: str) -> None:
    path = SAMPLES / "oneroster-1.1-generated" / f"{name}.zip"
    found = inspect(open_package(path))[1].findings
    assert set(found["code"]) == {"year-repaired", "status-in-bulk"}
    known = Snapshot()
    for changes in (True, False):
        result = plan(open_package(path), known, Policy())
        assert isinstance(result, Plan)
        assert any(of_table.changes.height for of_table in result.comparison.plans.values()) is changes
        known.take(result.comparison)


def test_orgs_and_users_without_a_manifest_are_read_and_remove_nobody() -> None:
    result = plan(open_package(SAMPLES / "oneroster-1.1-partial"), Snapshot(), Policy())
    assert isinstance(result, Plan)
    assert result.comparison.plans["users"].count("added") == 2003
    assert result.expects == ()
