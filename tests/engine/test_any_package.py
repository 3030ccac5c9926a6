"""Whatever a district sends, the answer is findings: nothing is raised, and no row is lost without a word."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.accounts import account_for_file, account_for_package, any_bytes, any_package
from tests.engine.district import as_1p1, lakeside, plan_files, roster_of
from tests.engine.formats.uploads import CLEVER, SDS_V1, SDS_V2, SDS_V2P1, Texts

from firstbell.engine.findings import explain
from firstbell.engine.pipeline import Plan, Refused
from firstbell.engine.snapshot import Snapshot

CORPUS = Path(__file__).resolve().parents[1] / "fuzz" / "corpus"

_snippets = st.sampled_from(
    [
        *(
            "",
            '"',
            ",",
            "\n",
            "\r",
            "\x00",
            "\ufeff",
            "\u2028",
            " ",
            "é",
            "😀",
            "x" * 300,
            "{a:b}",
            "{{",
            "-0",
            "1",
            "true",
        ),
        *("s0", "s1,s2", "elm", "lake", "fall", "teacher", "ext:own"),
        *("active", "tobedeleted", "2026-13-01", "0001-01-01"),
    ]
)
_damage = st.lists(
    st.tuples(st.sampled_from([*lakeside().contents()]), st.floats(0, 1), st.integers(0, 12), _snippets), max_size=8
)
_ROSTERS = {version: roster_of(district) for version, district in (("1.2", lakeside()), ("1.1", as_1p1(lakeside())))}


def _damaged(texts: Texts, damage: list[tuple[str, float, int, str]]) -> dict[str, str | bytes]:
    contents = dict(texts)
    for file, where, length, snippet in damage:
        text = contents.get(file, "")
        start = int(where * len(text))
        contents[file] = text[:start] + snippet + text[start + length :]
    return {**contents}


@settings(max_examples=60, deadline=None)
@given(damage=_damage, version=st.sampled_from(["1.1", "1.2"]), delta=st.booleans(), fresh=st.booleans())
def test_a_damaged_package_gives_findings_and_a_sound_plan(
    damage: list[tuple[str, float, int, str]], version: str, *, delta: bool, fresh: bool
) -> None:
    district = lakeside() if version == "1.2" else as_1p1(lakeside())
    if delta:
        district.modes = dict.fromkeys(district.files, "delta")
    known = Snapshot() if fresh else _ROSTERS[version]
    result = plan_files(_damaged(district.contents(), damage), known)
    _ensure_sound(result)


_UPLOADS = {"clever": CLEVER, "sds 1": SDS_V1, "sds 2": SDS_V2, "sds 2.1": SDS_V2P1}
_any_damage = st.lists(st.tuples(st.floats(0, 0.999), st.floats(0, 1), st.integers(0, 12), _snippets), max_size=8)


@settings(max_examples=80, deadline=None)
@given(damage=_any_damage, name=st.sampled_from([*_UPLOADS]), fresh=st.booleans())
def test_a_damaged_upload_of_any_format_gives_findings_and_a_sound_plan(
    damage: list[tuple[float, float, int, str]], name: str, *, fresh: bool
) -> None:
    texts = _UPLOADS[name]
    named = [([*texts][int(which * len(texts))], where, length, text) for which, where, length, text in damage]
    known = Snapshot()
    if not fresh:
        before = plan_files(texts)
        assert isinstance(before, Plan)
        known.take(before.comparison)
    _ensure_sound(plan_files(_damaged(texts, named), known))


def _ensure_sound(result: Plan | Refused) -> None:
    assert explain(result.checked.findings)["message"].null_count() == 0
    if not isinstance(result, Plan):
        return
    for name, of_table in result.comparison.plans.items():
        changed = of_table.changes
        assert not changed.filter(pl.col("action") != "added").select("row_id", "action").is_duplicated().any(), name
        assert of_table.records["key"].is_unique().all(), name
        assert changed["row_id"].null_count() == 0, name
        kept = changed.filter(pl.col("action") != "removed")
        assert kept["row_id"].is_unique().all(), name


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(contents=any_package())
def test_of_any_package_each_record_is_read_left_out_or_told_of(contents: dict[str, str | bytes]) -> None:
    account_for_package(contents)


@settings(max_examples=400, deadline=None)
@given(content=any_bytes)
def test_of_any_bytes_each_record_is_read_or_told_of(content: bytes) -> None:
    account_for_file(content)


@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.iterdir()))
def test_of_files_that_were_hard_to_read_each_record_is_read_or_told_of(name: str) -> None:
    content = (CORPUS / name).read_bytes()
    account_for_file(content)
    account_for_package({**lakeside().contents(), "users.csv": content})
