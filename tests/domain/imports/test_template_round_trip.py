"""Export, edit, bring back: exactly the edited cells change, and unedited nothing does."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from tests.domain.imports.rosters import Door, changes, found, open_door, published, state
from tests.engine.district import lakeside
from tests.engine.formats.lists import CLASSES, SCHOOLS, SIMPLE, STAFF, STUDENTS, sheet, write_lists

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.roster.exporting import roster_as_sheets
from firstbell.engine.formats.templates.sheets import exported
from firstbell.engine.formats.templates.write import KINDS, Template, write_csv, write_workbook

type Sheets = dict[str, pl.DataFrame]


@pytest.fixture
def lists(district: District, tmp_path: Path) -> Door:
    door = open_door(district, tmp_path / "lists", "lists", owns=False)
    two_schools = sheet(
        "Class name,School name,Grade,Room", "Art,Lincoln Elementary,3; 4,7", "Art,Oak,K,", "Choir,Oak,K,12"
    )
    guest = SIMPLE[STAFF] + "Gus,Guest,Aide,gus@example.org,Oak; Lincoln Elementary,Choir\n"
    pupils = SIMPLE[STUDENTS] + "Di,Vo,0020,4,di.vo,,Oak,Art; Choir\n"
    first = {**SIMPLE, CLASSES: two_schools, STAFF: guest, STUDENTS: pupils}
    assert door.bring(write_lists(tmp_path / "first", first)).state == RunState.APPLIED
    return door


def _export(district: District) -> Sheets:
    with within(district):
        return roster_as_sheets(district)


def _template(sheets: Sheets) -> Template:
    return Template(KINDS["all"], {name: exported(name) for name in sheets}, sheets, ("Oak",), ("Spring",))


def _bring(door: Door, sheets: Sheets, path: Path) -> Run:
    path.write_bytes(write_workbook(_template(sheets)))
    run = door.bring(path)
    assert run.state == RunState.APPLIED, (run.message, run.reasons)
    return run


def _edit(sheets: Sheets, name: str, who: str, column: str, value: str | None) -> Sheets:
    key = LAYOUT_NAMES[name]
    cell = pl.when(pl.col(key) == who).then(pl.lit(value)).otherwise(pl.col(column)).alias(column)
    return {**sheets, name: sheets[name].with_columns(cell)}


LAYOUT_NAMES = {STUDENTS: "First name", STAFF: "First name", CLASSES: "Class name", SCHOOLS: "School name"}


def test_an_unedited_export_changes_nothing(lists: Door, tmp_path: Path) -> None:
    before, stamp = published(lists.district), state(lists.district)["stamp"]
    run = _bring(lists, _export(lists.district), tmp_path / "out.xlsx")
    assert changes(run) == {}
    assert found(lists.district, run) == set()
    assert (published(lists.district), state(lists.district)["stamp"]) == (before, stamp)


def test_an_export_of_rows_that_a_source_owns_changes_nothing_either(sis: Door, lists: Door, tmp_path: Path) -> None:
    assert sis.bring(lakeside(5)).state == RunState.APPLIED
    before = published(lists.district)
    run = _bring(lists, _export(lists.district), tmp_path / "out.xlsx")
    assert changes(run) == {}
    assert published(lists.district) == before


@dataclass(frozen=True)
class Edit:
    """A cell (sheet, first cell of its row, column) that is edited, and the one field (table, column) that changes."""

    cell: tuple[str, str, str]
    value: str | None
    field: tuple[str, str]
    now: object


EDITS = (
    Edit((STUDENTS, "Ana", "Last name"), "López", ("users", "familyName"), "López"),
    Edit((STUDENTS, "Ana", "Student number"), "00999", ("users", "identifier"), "00999"),
    Edit((STUDENTS, "Ana", "Grade"), None, ("users", "grades"), None),
    Edit((STUDENTS, "Ana", "May sign in"), "No", ("users", "enabledUser"), False),
    Edit((STAFF, "Tia", "Email"), "t@example.org", ("users", "email"), "t@example.org"),
    Edit((CLASSES, "Choir", "Class name"), "Chorus", ("classes", "title"), "Chorus"),
    Edit((CLASSES, "Choir", "Room"), None, ("classes", "location"), None),
    Edit((SCHOOLS, "Oak", "School number"), "0042", ("orgs", "identifier"), "0042"),
)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.cell[2])
def test_one_edited_cell_is_the_one_change(lists: Door, tmp_path: Path, edit: Edit) -> None:
    before = published(lists.district)
    run = _bring(lists, _edit(_export(lists.district), *edit.cell, edit.value), tmp_path / "out.xlsx")
    after = published(lists.district)
    differ = [
        (table, key, column)
        for table, rows in after.items()
        for key, content in rows.items()
        for column in content
        if content[column] != before[table][key][column]
    ]
    assert [(table, column) for table, _, column in differ] == [edit.field]
    assert after[edit.field[0]][differ[0][1]][edit.field[1]] == edit.now
    assert changes(run) == {edit.field[0]: {"updated": 1}}


def test_a_class_taken_out_of_a_cell_is_one_enrollment_less(lists: Door, tmp_path: Path) -> None:
    edited = _edit(_export(lists.district), STUDENTS, "Di", "Classes", "Choir")
    assert changes(_bring(lists, edited, tmp_path / "out.xlsx")) == {"enrollments": {"removed": 1}}


def test_another_school_in_a_cell_moves_a_role(lists: Door, tmp_path: Path) -> None:
    edited = _edit(_export(lists.district), STAFF, "Pia", "Schools", "Oak")
    assert changes(_bring(lists, edited, tmp_path / "out.xlsx")) == {"roles": {"added": 1, "removed": 1}}


def test_a_row_left_out_of_an_export_takes_nobody_away(lists: Door, tmp_path: Path) -> None:
    sheets = _export(lists.district)
    fewer = {name: rows.head(1) for name, rows in sheets.items()}
    assert changes(_bring(lists, fewer, tmp_path / "out.xlsx")) == {}


def test_a_csv_file_comes_back_like_the_workbook(lists: Door, tmp_path: Path) -> None:
    template = _template(_export(lists.district))
    folder = tmp_path / "csv"
    folder.mkdir()
    for name in template.sheets:
        (folder / f"{name}.csv").write_bytes(write_csv(template, name))
    run = lists.bring(folder)
    assert changes(run) == {}


def test_a_new_template_says_nothing_but_its_examples(lists: Door, tmp_path: Path) -> None:
    path = tmp_path / "new.xlsx"
    path.write_bytes(write_workbook(Template(KINDS["all"], schools=("Oak",))))
    run = lists.bring(path)
    assert (found(lists.district, run), changes(run)) == ({"example-skipped"}, {})
