"""Cells of a case's files that the district puts right in the page: another version, by the same mechanism as lists."""

import pytest
from django.test import Client
from tests.engine.formats.lists import SIMPLE, STUDENTS, sheet
from tests.web.cases.conftest import TwoSides
from tests.web.rooms.conftest import signed_in

from firstbell.domain.assisted.models import CaseState
from firstbell.domain.assisted.queries import list_uploads

pytestmark = pytest.mark.usefixtures("static_files", "database")
FAULTY = SIMPLE | {
    STUDENTS: sheet(
        "First name,Last name,Student number,Grade,Schools",
        "Al,Day,,3,Lincoln Elementary",
        "Al,Day,,4,Lincoln Elementary",
        "Bo,Lee,0013,K,Lincoln Elementary",
    )
}
NUMBER = 2


def _said(*numbers: str) -> dict[str, str]:
    return {f"cell:{record}:{NUMBER}:{STUDENTS}.csv": number for record, number in enumerate(numbers, 1)}


def test_the_district_puts_cells_right_and_the_case_goes_on(sides: TwoSides) -> None:
    case = sides.bring(sides.ask(), FAULTY)
    assert case.state == CaseState.CHECKED
    assert "Put cells right here" in sides.office.get(sides.of_case(case)).content.decode()
    page = sides.office.get(sides.of_case(case, "cells/"))
    assert {one.record.record for one in page.context["records"]} == {1, 2}
    assert sides.office.post(sides.of_case(case, "cells/"), _said("0011", "0012")).status_code == 302
    case = sides.work(case)
    assert case.state == CaseState.PLANNED  # nothing is wrong any more, so it went on by itself
    versions = list_uploads(sides.district, case)
    assert [one.note for one in versions] == ["2 cells put right here", ""]
    shown = sides.office.get(sides.of_case(case)).content.decode()
    assert "2 cells put right here" in shown
    assert "0011" in shown


def test_what_is_no_change_is_said_and_what_is_late_too(sides: TwoSides) -> None:
    case = sides.bring(sides.ask(), FAULTY)
    assert sides.office.post(sides.of_case(case, "cells/"), _said("")).status_code == 422
    assert len(list_uploads(sides.district, case)) == 1
    sides.office.post(sides.of_case(case, "cancel/"))
    late = sides.office.post(sides.of_case(case, "cells/"), _said("0011", "0012"))
    assert late["Location"] == sides.of_case(case)
    assert len(list_uploads(sides.district, sides.again(case))) == 1


def test_only_the_district_changes_its_cells(sides: TwoSides, stranger: Client) -> None:
    case = sides.bring(sides.ask(), FAULTY)
    for who, status in ((stranger, 404), (signed_in(sides.teacher), 403), (sides.desk, 404)):
        assert who.get(sides.of_case(case, "cells/")).status_code == status
        assert who.post(sides.of_case(case, "cells/"), _said("1", "2")).status_code == status
    assert len(list_uploads(sides.district, case)) == 1
