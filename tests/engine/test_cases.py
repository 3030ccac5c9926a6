"""Every finding has a bad case and a good one: roster folders in tests/cases that open in a spreadsheet."""

from pathlib import Path

import polars as pl
import pytest

from firstbell.engine.catalogue import CATALOGUE, Severity
from firstbell.engine.findings import explain
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect

HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "cases"
COLUMNS = ("code", "file", "record", "column", "value", "sourcedId")

ONLY_STRICT = {"resource-org-differs", "resource-without-enrollment"}
"""Codes of files that are left alone unless a certification is asked for."""

BY_CORRECTIONS = {
    code: f"corrections/test_each_kind.py::{test}"
    for code, test in {
        "corrected-blanks": "test_what_every_row_is_fills_a_missing_or_blank_column",
        "corrected-column": "test_columns_under_other_names_are_read_and_findings_name_them_as_the_district_does",
        "corrected-dates": "test_a_declared_form_of_date_is_read_and_nothing_else",
        "corrected-file": "test_a_file_under_another_name_is_read_and_told",
        "corrected-names": "test_one_column_of_names_becomes_two",
        "corrected-text": "test_an_address_is_made_of_a_username_where_there_is_none",
        "corrected-values": "test_values_spelled_their_own_way_become_the_formats_words",
        "corrected-zeros": "test_ids_that_lost_their_zeros_meet_their_references_again",
        "correction-idle": "test_a_correction_of_a_column_that_is_not_there_is_told_and_changes_nothing",
        "name-unsplit": "test_a_name_that_cannot_be_split_loses_nothing_and_is_told",
    }.items()
}
"""Codes that only a source with corrections has."""

TESTED_ELSEWHERE = {
    **BY_CORRECTIONS,
    "class-id-recycled": "test_coming_and_going.py::test_a_class_id_of_last_year_with_other_people_is_a_new_class",
    "convert-column": "formats/test_losses.py::test_a_column_without_a_place_is_told_with_its_count",
    "convert-left-out": "../cli/test_convert.py::test_records_with_errors_are_left_out_and_told",
    "convert-made-anew": "formats/test_losses.py::test_tables_and_ids_that_a_format_lacks_are_told",
    "convert-partial": "../cli/test_convert.py::test_a_list_without_a_promise_is_told",
    "convert-password": "formats/test_losses.py::test_passwords_are_in_no_package_and_told",
    "convert-records": "formats/test_losses.py::test_a_record_without_a_place_is_told_with_its_count",
    "convert-renumbered": "formats/test_losses.py::test_tables_and_ids_that_a_format_lacks_are_told",
    "convert-required": "formats/test_oneroster_write.py::test_people_without_a_role_stay_in_the_file_and_are_told",
    "convert-table": "formats/test_oneroster_write.py::test_what_1_1_has_no_column_or_word_for_is_told",
    "convert-words": "formats/test_losses.py::test_a_word_that_changes_is_told_with_both_words",
    "contributor-unmatched": "test_coming_and_going.py::test_a_contributor_neither_adds_nor_removes",
    "firstbell-id-unknown": "../domain/imports/test_templates.py::test_an_unknown_firstbell_id_is_an_error",
    "id-recycled": "test_coming_and_going.py::test_an_id_that_carries_another_person_is_a_new_person_and_waits",
    "kept-by-district": "../web/lists/test_lists_of_one_school.py::test_a_school_is_neither_added_nor_renamed",
    "key-claimed-twice": "test_match.py::test_two_records_that_claim_one_key_are_kept_apart",
    "key-not-corroborated": "test_match.py::test_a_key_that_belongs_to_somebody_else_is_kept_apart",
    "not-a-list": "../web/lists/test_lists_of_one_school.py::test_files_of_another_kind_are_refused",
    "not-your-school": "../web/lists/test_lists_of_one_school.py::test_what_is_of_another_school_is_told_and_stays",
    "number-of-another": "../domain/imports/test_templates.py::test_a_number_of_somebody_else_is_an_error",
    "package-empty": "test_package.py::test_what_is_no_package_is_refused",
    "package-encrypted": "test_package.py::test_an_encrypted_package_is_refused_with_its_cause",
    "package-too-large": "test_package.py::test_limits_are_looked_at_before_anything_is_read",
    "package-unreadable": "test_package.py::test_what_is_no_package_is_refused",
    "package-unsafe": "test_package.py::test_a_name_that_leaves_the_package_is_refused",
    "password-short": "test_password_rule.py::test_a_password_that_is_too_short_is_told_and_opens_nothing",
    "removals-stopped": "test_left_out.py::test_an_id_that_cannot_be_read_stops_the_removals_of_its_type_only",
}
"""Codes that need a zip, a limit, corrections or a roster that is already known."""


def _findings(folder: Path, *, strict: bool) -> pl.DataFrame:
    return inspect(open_package(folder), strict=strict)[1].findings


def _expected(code: str) -> pl.DataFrame:
    return pl.read_csv(CASES / code / "expected.csv", infer_schema=False).select(COLUMNS)


def test_every_code_of_the_catalogue_has_its_case() -> None:
    folders = {path.name for path in CASES.iterdir() if path.is_dir()}
    assert folders.isdisjoint(TESTED_ELSEWHERE)
    assert folders | set(TESTED_ELSEWHERE) == set(CATALOGUE)
    for place in TESTED_ELSEWHERE.values():
        module, test = place.split("::")
        assert f"def {test}(" in (HERE / module).read_text(encoding="utf-8"), place


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize("code", sorted(set(CATALOGUE) - set(TESTED_ELSEWHERE)))
def test_a_bad_case_gives_its_findings_and_no_others(code: str, *, strict: bool) -> None:
    found = _findings(CASES / code / "bad", strict=strict)
    if code in ONLY_STRICT and not strict:
        assert not found.height
        return
    assert sorted(found.select(pl.col(COLUMNS).cast(pl.String).fill_null("")).rows()) == sorted(
        _expected(code).fill_null("").rows()
    )
    severities = set(found.filter(code=code)["severity"])
    assert severities == {CATALOGUE[code].severity_in(strict=strict).value}
    told = explain(found)
    assert not told["message"].str.contains(r"[{}]").any() or code == "user-ids-malformed"


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize("code", sorted(set(CATALOGUE) - set(TESTED_ELSEWHERE)))
def test_a_good_case_gives_no_finding(code: str, *, strict: bool) -> None:
    assert not _findings(CASES / code / "good", strict=strict).height


def test_being_strict_never_makes_anything_milder() -> None:
    order = list(Severity)
    assert all(order.index(entry.strict) <= order.index(entry.severity) for entry in CATALOGUE.values())
