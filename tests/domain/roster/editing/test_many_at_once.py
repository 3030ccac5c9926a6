"""The same to many people: looked at first, done as one act, undone as one."""

from collections.abc import Callable

import pytest
from tests.domain.roster.editing.conftest import BY, Small, person, role

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.audit.actor import Actor
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing import many
from firstbell.domain.roster.editing.bulk import add_people_to_class, change_grade, remove_people
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.many import Outcome
from firstbell.domain.roster.editing.people import add_person, edit_person, remove_person
from firstbell.domain.roster.editing.places import add_members
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.roles import add_role
from firstbell.domain.roster.editing.undoing import undo_act
from firstbell.domain.roster.models import Edit, Enrollment, Role, User
from firstbell.domain.roster.queries.scope import Scope

type Verb = Callable[..., Outcome]


def _state(small: Small) -> list[object]:
    """What is on the roster, without stamps and dates."""
    with within(small.district):
        return [
            sorted(User.objects.filter(removed_at=None).values_list("id", "family_name", "primary_org_id")),
            sorted(User.objects.filter(grades__isnull=False).values_list("id", "grades")),
            sorted(Role.objects.filter(removed_at=None).values_list("id", "user_id", "org_id", "role_type")),
            sorted(Enrollment.objects.filter(removed_at=None).values_list("id", "user_id", "class_id")),
        ]


@pytest.fixture
def pupils(small: Small) -> list[int]:
    added = [
        add_person(small.district, person("Pupil", f"Number{number}"), [role("student", small.school)], by=BY)
        for number in range(3)
    ]
    return [*added, small.student]


def _verbs(small: Small) -> list[Verb]:
    return [
        lambda ids, **more: remove_people(small.district, ids, **more),
        lambda ids, **more: change_grade(small.district, ids, "08", **more),
        lambda ids, **more: add_people_to_class(small.district, ids, small.group, "student", **more),
    ]


def test_a_look_tells_exactly_what_will_happen_and_changes_nothing(small: Small, pupils: list[int]) -> None:
    for verb in _verbs(small):
        before, edits = _state(small), Edit.objects.count
        with within(small.district):
            kept = edits()
        seen = verb(pupils, by=BY, only_look=True)
        assert _state(small) == before
        with within(small.district):
            assert edits() == kept
        done = verb(pupils, by=BY)
        assert (done.done, done.left, done.rows) == (seen.done, seen.left, seen.rows)
        assert _state(small) != before
        assert undo_act(small.district, done.event_id, by=BY) == []
        assert _state(small) == before


def test_one_event_tells_of_all(small: Small, pupils: list[int]) -> None:
    done = change_grade(small.district, pupils, "08", by=BY)
    with within(small.district):
        event = list_events(small.district.pk)[0]
    assert (event.pk, event.verb, event.subject_id) == (done.event_id, "people.grade_changed", "4")
    assert event.detail == {"rows": 4, "fields": ["grades"]}


def test_who_cannot_be_changed_is_told_with_the_reason_and_the_others_are(small: Small, pupils: list[int]) -> None:
    done = add_people_to_class(small.district, pupils, small.group, "student", by=BY)
    assert len(done.done) == 3
    assert done.left == [("Ada Byron", "is so already")]
    hers = small.registrar()
    add_role(small.district, pupils[0], role("student", small.other_school), by=BY)
    left = remove_people(small.district, pupils, by=hers)
    assert left.left == [("Pupil Number0", many.OF_ANOTHER_SCHOOL)]
    assert len(left.done) == 3


def test_nobody_out_of_sight_is_changed_with_others(small: Small, pupils: list[int], other_district: District) -> None:
    other = add_person(small.district, person("Carl", "Gauss"), [role("student", small.other_school)], by=BY)
    with pytest.raises(NotThere):
        change_grade(small.district, [*pupils, other], "08", by=small.registrar())
    with pytest.raises(NotThere):
        change_grade(other_district, pupils, "08", by=BY)
    assert small.live("users", grades=["08"]) == 0


def test_too_many_at_once_are_refused(small: Small) -> None:
    with pytest.raises(Refused, match="501"):
        change_grade(small.district, list(range(501)), "08", by=BY)


def test_an_undo_leaves_what_somebody_changed_since_and_says_so(small: Small, pupils: list[int]) -> None:
    done = change_grade(small.district, pupils, "08", by=BY)
    seen = small.stamp("users", pupils[0])
    edit_person(small.district, pupils[0], {"grades": "09"}, seen=seen, by=BY)
    conflicts = undo_act(small.district, done.event_id, by=BY)
    assert len(conflicts) == 1
    assert small.live("users", grades=["09"]) == 1
    assert small.live("users", grades=["08"]) == 0
    with pytest.raises(Refused, match="already"):
        undo_act(small.district, done.event_id, by=BY)


def test_an_undo_takes_nobody_away_who_is_in_use_since(small: Small) -> None:
    added = add_person(small.district, person("Carl", "Gauss"), [role("student", small.school)], by=BY)
    with within(small.district):
        event = list_events(small.district.pk, subject_kind="user", subject_id=added)[0]
    add_members(small.district, small.group, [added], {"role": "student"}, by=BY)
    undo_act(small.district, event.pk, by=BY)
    assert small.live("users", id=added) == 1


def test_an_undo_of_adding_takes_away_what_was_added(small: Small) -> None:
    before = _state(small)
    added = add_person(small.district, person("Carl", "Gauss"), [role("student", small.school)], by=BY)
    with within(small.district):
        event = list_events(small.district.pk, subject_kind="user", subject_id=added)[0]
    assert undo_act(small.district, event.pk, by=BY) == []
    assert _state(small) == before


def test_a_registrar_undoes_what_she_did_and_nobody_elses_acts(small: Small, other_district: District) -> None:
    remove_person(small.district, small.student, by=small.registrar())
    with within(small.district):
        event = list_events(small.district.pk)[0]
    colleague = Editor(Actor("account", "8", "Another Registrar"), Scope(frozenset({small.school})))
    with pytest.raises(NotAllowed):
        undo_act(small.district, event.pk, by=colleague)
    moved = Editor(Actor("account", "7", "Rita Registrar"), Scope(frozenset({small.other_school})))
    with pytest.raises(NotAllowed):
        undo_act(small.district, event.pk, by=moved)
    with pytest.raises(NotThere):
        undo_act(other_district, event.pk, by=BY)
    assert undo_act(small.district, event.pk, by=small.registrar()) == []
    assert small.live("users", id=small.student) == 1
