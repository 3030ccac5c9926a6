"""Whatever a district writes into its cells: records keep their number and order, and padding twice is padding once."""

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from firstbell.engine.corrections.applying import apply
from firstbell.engine.corrections.parsing import parse
from firstbell.engine.corrections.places import table_of_id
from firstbell.engine.csvfile import CsvFile
from firstbell.engine.formats.oneroster.layouts import LAYOUTS
from firstbell.engine.tables import TABLES

CELLS = st.one_of(
    st.none(),
    st.sampled_from(["7", "007", "1,22,333", "Doe, Jane", "Jane Doe", " ", "3/4/2026", "STU", ",", "{username}", "٣"]),
    st.text(max_size=12),
)
HEADER = ["sourcedId", "orgSourcedIds", "Name", "role", "email", "birthDate", "username", "note"]
EVERYTHING = parse(
    [
        {"kind": "pad-ids", "table": "users", "width": 6},
        {"kind": "pad-ids", "table": "orgs", "width": 4},
        {"kind": "split-name", "file": "users.csv", "column": "Name", "order": "last, first"},
        {"kind": "replace-values", "file": "users.csv", "column": "role", "values": {"STU": "student"}},
        {"kind": "date-form", "form": "D/M/YYYY"},
        {"kind": "fill-blanks", "file": "users.csv", "column": "enabledUser", "value": "true"},
        {"kind": "join-text", "file": "users.csv", "column": "email", "template": "{username}@school.org"},
    ]
)
PADDING = parse([{"kind": "pad-ids", "table": "users", "width": 6}, {"kind": "pad-ids", "table": "orgs", "width": 4}])
ROWS = st.lists(st.tuples(*[CELLS] * len(HEADER)), max_size=6)


def _file(rows: list[tuple[str | None, ...]]) -> CsvFile:
    schema = {str(place): pl.String for place in range(len(HEADER))}
    records = pl.DataFrame(rows, schema=schema, orient="row")
    numbers = pl.Series("_record", [2 * number + 1 for number in range(len(rows))], dtype=pl.UInt32)
    return CsvFile("users.csv", list(HEADER), records.with_columns(numbers), total=len(rows))


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_records_keep_their_number_order_and_untouched_cells(rows: list[tuple[str | None, ...]]) -> None:
    before, file = _file(rows), _file(rows)
    apply(EVERYTHING, file, names=("users.csv",))
    assert file.records["_record"].equals(before.records["_record"])
    assert set(file.records.columns) == {*(str(place) for place in range(len(file.header))), "_record"}
    for column in ("username", "note"):
        ours, theirs = (one.records[str(one.header.index(column))] for one in (file, before))
        assert ours.to_list() == theirs.to_list()


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_a_name_goes_to_its_two_columns_whole(rows: list[tuple[str | None, ...]]) -> None:
    file = _file(rows)
    apply(EVERYTHING, file, names=("users.csv",))
    given, family = (file.records[str(file.header.index(name))].to_list() for name in ("givenName", "familyName"))
    names = _file(rows).records[str(HEADER.index("Name"))].str.strip_chars().to_list()
    for name, first, last in zip(names, given, family, strict=True):
        letters = "".join((name or "").split()).replace(",", "", 1)
        parts = "".join(f"{last or ''}{first or ''}".split())
        assert parts in {letters, "".join((name or "").split())}


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_padding_twice_is_padding_once(rows: list[tuple[str | None, ...]]) -> None:
    once, twice = _file(rows), _file(rows)
    apply(PADDING, once, names=("users.csv",))
    apply(PADDING, twice, names=("users.csv",))
    done, _ = apply(PADDING, twice, names=("users.csv",))
    assert twice.records.equals(once.records)
    assert all(not each.cells for each in done)


def test_every_reference_of_the_format_is_known_by_its_place() -> None:
    for layouts in LAYOUTS.values():
        for layout in layouts.values():
            for column, target in layout.references.items():
                if target in TABLES:
                    assert table_of_id(f"{layout.file}.csv", column) == target, (layout.file, column)
    for table in TABLES.values():
        for known in table.references:
            assert table_of_id(f"{table.name}.csv", known.name) == known.target
