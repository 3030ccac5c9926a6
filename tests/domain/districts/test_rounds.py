"""Going round the districts: what fails in one keeps no other from its turn, and is told with its district."""

import re
from pathlib import Path

import pytest
from django.utils import timezone
from tests.logged import lines_of

import firstbell
from firstbell.domain.districts.models import District
from firstbell.domain.districts.rounds import RoundFailed, visit_each
from firstbell.domain.portfolio.looking import look_at
from firstbell.domain.portfolio.models import Standing
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.schools import add_org

pytestmark = pytest.mark.usefixtures("database")


def test_a_broken_district_is_told_and_the_others_have_their_turn(
    district: District, other_district: District, caplog: pytest.LogCaptureFixture
) -> None:
    add_org(district, {"name": "Nowhere High", "type": "school"}, by=BY)
    district.refresh_from_db()
    district.time_zone = "Nowhere/At_all"  # as no form lets it be
    with pytest.raises(RoundFailed, match=f"1 of 2 failed: {district.code}"):
        visit_each("portfolio.look", [district, other_district], lambda one: look_at(one, now=timezone.now()))
    failed = [line["district_id"] for line in lines_of(caplog) if line["event"] == "round.failed"]
    assert failed == [district.pk]
    assert not Standing.objects.filter(district=district).exists()
    assert Standing.objects.filter(district=other_district).exists()


def test_no_task_walks_over_districts_in_another_way() -> None:
    walks = re.compile(r"for \w*district\w* in |for .* in list_(districts|due|untallied)\(")
    for path in sorted(Path(firstbell.__file__).parent.glob("domain/*/tasks.py")):
        lines = [line for line in path.read_text().splitlines() if walks.search(line) and "((" not in line]
        assert not lines, f"{path}: districts.rounds goes round, so that one that fails does not stop the others"
