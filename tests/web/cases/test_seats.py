"""A plan that brings more students than a product has seats for says so, to both sides, before it is imported."""

import html
import uuid

import pytest
from tests.web.cases.conftest import TwoSides

from firstbell.domain.advice.catalogue import LicenceSaid
from firstbell.domain.advice.licensing import license_district, save_product
from firstbell.domain.advice.seats import list_too_many
from firstbell.domain.advice.takes import Takes
from firstbell.domain.assisted.models import Case
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.queries import find_run
from firstbell.domain.roster.models import Org

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _license(sides: TwoSides, *said: LicenceSaid) -> None:
    for one in said:
        save_product(Takes(one.product, f"Product {one.product}", ("assisted",)), by=OPERATOR)
    license_district(sides.district, said, by=OPERATOR)


def _too_many(sides: TwoSides, case: Case) -> list[tuple[str, int, int]]:
    run = find_run(sides.district, case.run_id or 0)
    assert run is not None
    return [(one.product.code, one.students, one.over) for one in list_too_many(sides.district, run)]


def test_both_sides_read_it_where_the_plan_is_and_nothing_is_stopped(sides: TwoSides) -> None:
    names = enough, few, none, grade, of_school = [f"{letter}-{uuid.uuid4().hex[:8]}" for letter in "abcde"]
    case = sides.bring(sides.ask())
    _license(
        sides,
        LicenceSaid(enough, 3),
        LicenceSaid(few, 2),
        LicenceSaid(none, None),
        LicenceSaid(grade, 1, grades=("03",)),
        LicenceSaid(of_school, 0, schools=("no-such-school",)),
    )
    assert _too_many(sides, case) == [(few, 3, 1), (grade, 2, 1)]
    sides.desk.post(sides.at_desk(case, "claim/"))
    for client, path in ((sides.office, sides.of_case(case)), (sides.desk, sides.at_desk(case))):
        page = html.unescape(client.get(path).content.decode())
        assert [name for name in names if f"More students than seats: Product {name}" in page] == [few, grade]
        assert "shared with 3 students" in page
    sides.desk.post(sides.at_desk(case, "import/"))
    case = sides.work(case)
    assert case.state == "imported"
    assert _too_many(sides, case) == [], "what is imported is told by the pages Method and Programs"


def test_who_is_there_already_is_counted_once_and_newcomers_of_the_school_come_to_them(sides: TwoSides) -> None:
    case = sides.imported()
    with within(sides.district):
        school = Org.objects.get(district_id=sides.district.pk, type="school").sourced_id
    name, code = "Students", f"s-{uuid.uuid4().hex[:8]}"
    header = "First name,Last name,Student number,Grade,Username,Password,Schools,Classes"
    rows = ["Ana,Lopez,0012,4,ana.l,,Lincoln Elementary,", "Di,Oz,0015,3,di.o,,Lincoln Elementary,"]
    assert case.state == "imported"
    again = sides.bring(sides.ask(), {name: "\n".join([header, *rows]) + "\n"})
    _license(sides, LicenceSaid(code, 3, schools=(school,)))
    assert _too_many(sides, again) == [(code, 4, 1)]
