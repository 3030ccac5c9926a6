"""Every version of a case's files is kept, and any two can be compared by who may see them."""

import pytest
from tests.domain.assisted.conftest import Office
from tests.engine.formats.lists import SIMPLE, STUDENTS, sheet

from firstbell.domain.assisted.actions import import_plan, return_case
from firstbell.domain.assisted.comparing import compare_versions, list_rows
from firstbell.domain.assisted.queries import list_uploads
from firstbell.domain.imports.folder import INPUT, RECEIVED, RunFolder
from firstbell.domain.imports.queries import Hidden

HEAD = "First name,Last name,Student number,Grade,Password,Schools,Birth date"
FIRST = SIMPLE | {STUDENTS: sheet(HEAD, "Ana,Lopez,0012,3,blue fox tent,Elm,2015-01-02")}
SECOND = SIMPLE | {STUDENTS: sheet(HEAD, "Ana,Lopez,0012,4,red cat hat,Elm,2015-02-01")}


def test_what_changed_is_told_of_any_two_versions_also_after_the_import(office: Office) -> None:
    case = office.bring(office.ask(), FIRST)
    assert compare_versions(office.district, case, None, None, hidden=Hidden()) is None
    return_case(office.district, case, "Another grade, please.", now=office.now, by=office.by_sam)
    case = office.bring(case, SECOND)
    case = office.bring(case, SIMPLE)
    import_plan(office.district, case, office.sam, by=office.by_sam)
    case = office.work(case)
    told = compare_versions(office.district, case, 1, 2, hidden=Hidden())
    assert told is not None
    assert told.files is not None
    assert (told.before.version, told.after.version) == (1, 2)
    (students,) = (file for file in told.files if not file.is_same)
    (row,) = list_rows(students, limit=10)
    assert row.cells == (("Grade", "3", "4"), ("Birth date", "2015-01-02", "2015-02-01"))
    last = compare_versions(office.district, case, None, None, hidden=Hidden())
    assert last is not None
    assert (last.before.version, last.after.version) == (2, 3)
    assert "blue fox" not in repr(told)


def test_what_families_reported_is_hidden_from_who_may_not_see_it(office: Office) -> None:
    case = office.bring(office.ask(), FIRST)
    case = office.bring(case, SECOND)
    told = compare_versions(office.district, case, None, None, hidden=Hidden(open={}))
    assert told is not None
    assert told.files is not None
    cells = [row.cells for file in told.files for row in list_rows(file, limit=10)]
    assert cells == [(("Grade", "3", "4"),)]


@pytest.mark.parametrize(("before", "after"), [(7, 9), (2, 2), (2, 1), (0, 0)])
def test_numbers_that_are_no_pair_show_the_nearest_one(office: Office, before: int, after: int) -> None:
    case = office.bring(office.bring(office.ask(), FIRST), SECOND)
    told = compare_versions(office.district, case, before, after, hidden=Hidden())
    assert told is not None
    assert (told.before.version, told.after.version) == (1, 2)


def test_a_version_that_is_not_kept_any_more_is_told_so(office: Office) -> None:
    case = office.bring(office.bring(office.ask(), FIRST), SECOND)
    folder = RunFolder(office.district, list_uploads(office.district, case)[-1].run_id)
    for name in (INPUT, RECEIVED):
        folder.delete(name)
    told = compare_versions(office.district, case, 1, 2, hidden=Hidden())
    assert told is not None
    assert told.files is None
