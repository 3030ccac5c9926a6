"""A password is used once; nothing else that the engine makes ever holds it."""

import dataclasses
from pathlib import Path

import polars as pl
import pytest
from tests.engine.district import District, as_1p1, lakeside, plan_files, write_files

from firstbell.engine.package import open_package
from firstbell.engine.pipeline import Plan, inspect
from firstbell.engine.report import as_csv, as_json
from firstbell.engine.snapshot import Snapshot

CANARY = "tr0ub4dor"


def _with_passwords(district: District) -> District:
    for user in district["users"]:
        user["password"] = CANARY
    return district


def _everything(value: object) -> str:
    """All text that hangs on a value, frames written out in full."""
    if isinstance(value, pl.DataFrame):
        return value.write_json()
    if isinstance(value, pl.Series):
        return str(value.to_list())
    if isinstance(value, dict):
        return " ".join(f"{key} {_everything(item)}" for key, item in value.items())
    if isinstance(value, list | tuple):
        return " ".join(_everything(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return " ".join(_everything(getattr(value, field.name)) for field in dataclasses.fields(value))
    return " ".join(_everything(item) for item in vars(value).values()) if isinstance(value, Snapshot) else repr(value)


def _spoiled(text: str, kind: str) -> str:
    """users.csv with something wrong in the very lines that hold a password."""
    head, *lines = text.splitlines()
    if kind == "ragged":
        lines[0] = lines[0] + ",one more"
    elif kind == "quote":
        lines[0] = lines[0].replace("Ada", 'A"da')
    elif kind == "no header":
        return "\n".join(lines)
    elif kind == "line break":
        lines[0] = lines[0].replace(CANARY, f'"{CANARY}\n"')
    elif kind == "blanks":
        lines = [line.replace(CANARY, f" {CANARY} ") for line in lines]
    elif kind == "twice":
        lines.append(lines[0].replace(CANARY, f"{CANARY}2"))
    elif kind == "in another case":
        head = head.replace("password", "PassWord")
    elif kind == "as an extension":
        head = head.replace("password", "metadata.userPassword")
    elif kind == "misspelt":
        head = head.replace("password", "pwd")
    return "\n".join([head, *lines]) + "\n"


KINDS = (
    *("good", "ragged", "quote", "no header", "line break", "blanks", "twice"),
    *("in another case", "as an extension", "misspelt"),
)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_table_finding_change_or_report_holds_a_password(kind: str, version: str, tmp_path: Path) -> None:
    district = _with_passwords(lakeside() if version == "1.2" else as_1p1(lakeside()))
    contents: dict[str, str | bytes] = dict(district.contents())
    contents["users.csv"] = _spoiled(str(contents["users.csv"]), kind)
    known = Snapshot()
    result = plan_files(contents, known)
    if isinstance(result, Plan):
        known.take(result.comparison)
        if kind in {"good", "in another case", "twice"}:
            assert result.passwords.filter(pl.col("sourcedId") == "s1")["password"].to_list() == [CANARY]
        result.passwords = result.passwords.clear()
    assert CANARY not in _everything(result)
    assert CANARY not in _everything(known)
    reading, checked = inspect(open_package(write_files(tmp_path / "package", contents)), strict=True)
    assert CANARY not in _everything([reading, checked])
    assert CANARY not in as_json(reading.files, checked.findings) + as_csv(checked.findings)


def test_passwords_of_profiles_are_not_even_used() -> None:
    district = lakeside()
    profile = {"sourcedId": "p1", "userSourcedId": "s0", "profileType": "LMS", "vendorId": "v", "username": "ada"}
    district.files["userProfiles"] = [{**profile, "credentialType": "basic", "password": CANARY}]
    result = district.plan()
    assert isinstance(result, Plan)
    assert CANARY not in _everything(result)


def test_a_password_column_of_another_file_is_not_kept() -> None:
    district = lakeside()
    district.row("enrollments", "e-s0")["metadata.initialPassword"] = CANARY
    result = district.plan()
    assert isinstance(result, Plan)
    assert CANARY not in _everything(result)
    assert "column-password" in set(result.checked.findings["code"])
