"""Findings in a spreadsheet, in JSON and in groups, and the page that explains them."""

import csv
import io
import json
from pathlib import Path

import pytest
from tests.engine.district import lakeside

from firstbell.engine.check import Checked
from firstbell.engine.findings import explain, gather, one
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.reading import Reading
from firstbell.engine.report import as_csv, as_json, by_cause, findings_page, write_report

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "findings.md"


@pytest.fixture
def checked(tmp_path: Path) -> tuple[Reading, Checked]:
    district = lakeside()
    for person in ("s0", "s1", "s2"):
        district.row("users", person)["email"] = "=cmd|' /C calc'!A0"
    district.row("users", "s3")["givenName"] = ""
    return inspect(open_package(district.write(tmp_path / "package")))


def test_cells_that_a_spreadsheet_would_run_are_inert(checked: tuple[Reading, Checked]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(checked[1].findings))))
    values = {row["value"] for row in rows if row["code"] == "email-malformed"}
    assert values == {"'=cmd|' /C calc'!A0"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_start_of_a_formula_is_inert(start: str) -> None:
    found = gather([one("value-missing", file=f"{start}1+1", sourced_id=f"{start}id")], strict=False)
    row = next(csv.DictReader(io.StringIO(as_csv(found), newline="")))
    assert (row["file"], row["sourcedId"]) == (f"'{start}1+1", f"'{start}id")


def test_json_has_the_shape_that_was_promised(checked: tuple[Reading, Checked]) -> None:
    report = json.loads(as_json(*checked))
    assert list(report) == ["counts", "files", "findings"]
    assert report["counts"] == {"fatal": 0, "error": 4, "warning": 3}
    assert report["files"]["users.csv"] == 6
    assert [list(finding) for finding in report["findings"]] == 7 * [
        ["code", "severity", "file", "record", "column", "value", "sourcedId", "message", "remedy"]
    ]
    blank = next(finding for finding in report["findings"] if finding["code"] == "value-missing")
    assert (blank["file"], blank["record"], blank["column"], blank["sourcedId"]) == ("users.csv", 4, "givenName", "s3")
    assert blank["message"] == "givenName is blank, and the record cannot be used without it."


def test_findings_with_one_cause_are_one_group_and_the_gravest_come_first(checked: tuple[Reading, Checked]) -> None:
    causes = by_cause(checked[1].findings)
    assert [(cause.code, cause.count, cause.records) for cause in causes][-1] == ("email-malformed", 3, (1, 2, 3))
    assert [cause.severity.value for cause in causes] == ["error"] * 4 + ["warning"]


def test_no_findings_are_a_report_too() -> None:
    nothing = gather([], strict=False)
    assert by_cause(nothing) == []
    assert as_csv(nothing).splitlines() == ["code,severity,file,record,column,value,sourcedId,message,remedy"]


def test_braces_in_a_value_stay_what_they_are() -> None:
    found = gather([one("user-ids-malformed", column="userIds", value="{detail}{{a:b}}")], strict=False)
    assert explain(found)["message"].item() == (
        "{detail}{{a:b}} in userIds is not a list of {type:id}; it was kept as it is."
    )


def test_a_report_ends_in_csv_or_json(checked: tuple[Reading, Checked], tmp_path: Path) -> None:
    write_report(tmp_path / "findings.csv", *checked)
    write_report(tmp_path / "findings.JSON", *checked)
    assert (tmp_path / "findings.csv").read_text(encoding="utf-8").startswith("code,severity")
    assert len(json.loads((tmp_path / "findings.JSON").read_text(encoding="utf-8"))["findings"]) == 7
    with pytest.raises(ValueError, match="a report ends in"):
        write_report(tmp_path / "findings.xlsx", *checked)


def test_the_page_of_findings_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == findings_page(), (
        "python -m firstbell.engine.report > docs/reference/findings.md"
    )
