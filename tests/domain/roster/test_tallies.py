"""Kept counts of a large district: what counting tells, as long as they are of the roster as it is."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from tests.conftest import new_district

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster import tallying
from firstbell.domain.roster.models import Tally
from firstbell.domain.roster.queries import classes, figures, people, schools, terms
from firstbell.domain.roster.queries.classes import ClassFilter
from firstbell.domain.roster.queries.people import PeopleFilter
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT, Scope
from firstbell.domain.roster.sources import add_source
from firstbell.domain.roster.tallying import list_untallied, tally
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

pytestmark = pytest.mark.usefixtures("database")
OF_PEOPLE: tuple[Callable[[District, Scope, PeopleFilter], object], ...] = (
    people.count_people,
    people.count_people_by_school,
    people.count_people_by_role,
    people.count_people_by_grade,
)
OF_CLASSES: tuple[Callable[[District, Scope, ClassFilter], object], ...] = (
    classes.count_classes,
    classes.count_classes_by_school,
    classes.count_classes_by_term,
    classes.count_classes_by_grade,
)


@pytest.fixture
def district(tmp_path: Path) -> District:
    made = new_district("Maple Valley Unified")
    source = add_source(made, "SIS", by=OPERATOR)
    write(sample(150, seed=5), tmp_path / "roster.zip", version="1.2")
    assert carry_out(made, receive_path(made, source, tmp_path / "roster.zip", by=OPERATOR)).state == "applied"
    made.refresh_from_db()
    return made


def _all_counts(district: District) -> list[object]:
    """Every count that a list shows, for every filter that has some."""
    with within(district):
        first = schools.list_school_names(district, WHOLE_DISTRICT)[0][0]
        term = int(classes.count_classes_by_term(district, WHOLE_DISTRICT, ClassFilter())[0].value)
        of_people = [
            PeopleFilter(school=school, role=role, grade=grade)
            for school in (None, first)
            for role in (None, "student", "teacher")
            for grade in (None, "03")
        ]
        of_classes = [
            ClassFilter(school=school, term=one, grade=grade)
            for school in (None, first)
            for one in (None, term)
            for grade in (None, "03")
        ]
        told: list[object] = [figures.count_roster(district, WHOLE_DISTRICT)]
        told += [schools.list_orgs(district, WHOLE_DISTRICT), terms.list_terms(district)]
        told += [count(district, WHOLE_DISTRICT, wanted) for wanted in of_people for count in OF_PEOPLE]
        return told + [count(district, WHOLE_DISTRICT, wanted) for wanted in of_classes for count in OF_CLASSES]


def test_kept_counts_are_those_that_counting_tells(district: District) -> None:
    counted = _all_counts(district)
    tally(district)
    assert _all_counts(district) == counted
    with within(district):  # and they are read, not counted
        Tally.objects.filter(district_id=district.pk).update(count=7)
        assert people.count_people(district, WHOLE_DISTRICT, PeopleFilter()) == 7
        assert figures.count_roster(district, WHOLE_DISTRICT).classes == 7


def test_what_is_not_kept_is_counted(district: District) -> None:
    tally(district)
    with within(district):
        Tally.objects.filter(district_id=district.pk).update(count=7)
        school = schools.list_school_names(district, WHOLE_DISTRICT)[0][0]
        here = Scope(frozenset({school}))
        assert people.count_people(district, here, PeopleFilter()) != 7
        everyone = people.count_people(district, WHOLE_DISTRICT, PeopleFilter(words="a"))
        assert everyone != 7
        assert people.count_people(district, WHOLE_DISTRICT, PeopleFilter(words="a"), most=3) == 4
        assert people.count_people(district, WHOLE_DISTRICT, PeopleFilter(removed=True)) == 0


def test_counts_of_an_older_roster_are_not_shown_for_long(district: District) -> None:
    tally(district)
    with within(district):
        Tally.objects.filter(district_id=district.pk).update(count=7)
        district.last_stamp += 1
        assert people.count_people(district, WHOLE_DISTRICT, PeopleFilter()) == 7
        district.tallied_at = timezone.now() - timedelta(minutes=16)
        assert people.count_people(district, WHOLE_DISTRICT, PeopleFilter()) != 7


def test_large_districts_are_counted_and_counted_again_when_they_change(
    district: District, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert district not in list_untallied()
    monkeypatch.setattr(tallying, "LARGE", 10)
    assert district in list_untallied()
    tally(district)
    assert district not in list_untallied()
    District.objects.filter(pk=district.pk).update(last_stamp=district.last_stamp + 1)
    assert district in list_untallied()


def test_counts_of_one_district_are_nobody_elses(district: District) -> None:
    tally(district)
    other = new_district("Hilltop Charter School")
    with within(other):
        assert not Tally.objects.exists()
