"""Two rows turn out to be one person: everything comes to the row that stays, and undoing makes them two again."""

import uuid
from dataclasses import dataclass

import pytest
from django.db import connection
from tests.conftest import new_district
from tests.domain.roster.editing.conftest import BY, Small, person, role

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.actions import give_membership, open_account, set_credential
from firstbell.domain.accounts.badges import authenticate_badge, make_badge, secret_of
from firstbell.domain.accounts.models import Role as MembershipRole
from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.editing.classes import add_class
from firstbell.domain.roster.editing.editor import Editor
from firstbell.domain.roster.editing.merging import merge_people, offers, tell_apart
from firstbell.domain.roster.editing.people import add_person, edit_person, remove_person, restore_person
from firstbell.domain.roster.editing.places import add_members, remove_places
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.editing.roles import add_role
from firstbell.domain.roster.editing.undoing import undo_act
from firstbell.domain.roster.models import Demographics, Enrollment, Merge, Role, User
from firstbell.domain.roster.queries.duplicates import Proposals, propose
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT, people_in

KEPT_OF = ("roster_user", "roster_role", "roster_enrollment", "roster_demographics")
COUNTED = "stamp, created_stamp, date_last_modified"


@dataclass
class Pair:
    """Ada of the small district, and a second row that somebody made of her at the other school."""

    small: Small
    kept: int
    gone: int
    other_group: int

    @property
    def district(self) -> District:
        return self.small.district


@pytest.fixture
def pair(small: Small) -> Pair:
    said = {"title": "Biology", "schoolSourcedId": str(small.other_school), "termSourcedIds": str(small.term)}
    group = add_class(small.district, said, by=BY)
    gone = add_person(
        small.district,
        person("Ada", "Byron", username="abyron", email="ada@example.org", grades="08"),
        [role("student", small.other_school), role("student", small.school)],
        by=BY,
    )
    for class_id in (small.group, group):
        add_members(small.district, class_id, [gone], {"role": "student"}, by=BY)
    return Pair(small, small.student, gone, group)


def _live_content(district: District) -> list[str]:
    """All that is live, without what every change leaves on a row."""
    with within(district), connection.cursor() as cursor:
        lines: list[str] = []
        for table in KEPT_OF:
            cursor.execute(
                f"select '{table}' || (to_jsonb(t) - '{{stamp,date_last_modified}}'::text[])::text from {table} t"
                " where district_id = %s and removed_at is null order by id",
                [district.pk],
            )
            lines += [line for (line,) in cursor.fetchall()]
    return lines


def _classes(pair: Pair, person_id: int) -> set[int | None]:
    with within(pair.district):
        places = Enrollment.objects.filter(user_id=person_id, removed_at=None)
        return set(places.values_list("class_id", flat=True))


def _user(pair: Pair, person_id: int) -> User:
    with within(pair.district):
        return User.objects.get(id=person_id)


def test_roles_places_and_chosen_fields_come_to_the_row_that_stays(pair: Pair) -> None:
    published = _user(pair, pair.gone).sourced_id
    merge_people(pair.district, pair.kept, pair.gone, from_gone=["email", "grades"], by=BY)
    kept, gone = _user(pair, pair.kept), _user(pair, pair.gone)
    assert (kept.username, kept.identifier, kept.email, kept.grades) == ("ada", "1001", "ada@example.org", ["08"])
    assert _classes(pair, pair.kept) == {pair.small.group, pair.other_group}
    assert _classes(pair, pair.gone) == set()
    with within(pair.district):
        roles = Role.objects.filter(user_id=pair.kept, removed_at=None).values_list("org_id", "role_type")
        assert sorted(roles) == sorted([(pair.small.school, "primary"), (pair.small.other_school, "primary")])
        assert not Role.objects.filter(user_id=pair.gone, removed_at=None).exists()
        assert Enrollment.objects.filter(class_id=pair.small.group, role="student", removed_at=None).count() == 1
    assert gone.removed_at is not None
    assert gone.sourced_id == published, "reserved for good"
    with within(pair.district):
        event = list_events(pair.district.pk)[0]
    assert (event.verb, event.subject_id) == ("user.merged", str(pair.kept))


def test_undoing_restores_exactly(pair: Pair) -> None:
    with within(pair.district):
        for person_id, day in ((pair.kept, None), (pair.gone, "2014-05-06")):
            Demographics.objects.create(
                district_id=pair.district.pk,
                id=person_id,
                stamp=1,
                created_stamp=1,
                date_last_modified="2026-09-01T00:00Z",
                birth_date=day,
                sex="female" if day is None else None,
            )
    parent = add_person(pair.district, person("Rosa", "Byron"), [role("parent", pair.small.school)], by=BY)
    edit_person(pair.district, pair.gone, {"agentSourcedIds": str(parent)}, seen=_user(pair, pair.gone).stamp, by=BY)
    edit_person(pair.district, parent, {"agentSourcedIds": str(pair.gone)}, seen=_user(pair, parent).stamp, by=BY)
    before = _live_content(pair.district)
    event_id = merge_people(pair.district, pair.kept, pair.gone, from_gone=["email", "username"], by=BY)
    with within(pair.district):
        told = Demographics.objects.get(id=pair.kept)
        assert (str(told.birth_date), told.sex) == ("2014-05-06", "female")
    assert _user(pair, parent).agent_ids == [pair.kept]
    assert _user(pair, pair.kept).agent_ids == [parent]
    assert _live_content(pair.district) != before
    assert undo_act(pair.district, event_id, by=BY) == []
    assert _live_content(pair.district) == before
    with within(pair.district):
        assert not Merge.objects.exists()
    with pytest.raises(Refused, match="undone already"):
        undo_act(pair.district, event_id, by=BY)
    merge_people(pair.district, pair.gone, pair.kept, by=BY)


def test_what_was_changed_since_stays_when_it_is_undone(pair: Pair) -> None:
    event_id = merge_people(pair.district, pair.kept, pair.gone, from_gone=["email"], by=BY)
    edit_person(pair.district, pair.kept, {"email": "new@example.org"}, seen=_user(pair, pair.kept).stamp, by=BY)
    with within(pair.district):
        place = Enrollment.objects.get(user_id=pair.kept, class_id=pair.other_group, removed_at=None)
    remove_places(pair.district, pair.other_group, [place.id], by=BY)
    conflicts = undo_act(pair.district, event_id, by=BY)
    assert len(conflicts) == 1
    assert "1 changed since of one person" in conflicts[0]
    assert _user(pair, pair.kept).email == "new@example.org"
    assert _classes(pair, pair.gone) == {pair.small.group}


def test_the_only_log_in_of_the_two_goes_on_and_nobody_is_signed_out(pair: Pair) -> None:
    credential = set_credential(pair.district, pair.gone, "abyron", "river-otter-42", by=OPERATOR)
    badge = secret_of(pair.district, make_badge(pair.district, pair.gone, by=OPERATOR))
    hashed = credential.account.password
    event_id = merge_people(pair.district, pair.kept, pair.gone, by=BY)
    account = authenticate_student(pair.district, "abyron", "river-otter-42", address="192.0.2.7")
    assert account is not None
    assert account.password == hashed, "sessions hang on it"
    assert account.memberships.get().person_id == pair.kept
    assert authenticate_badge(pair.district, badge) == account
    assert secret_of(pair.district, make_badge(pair.district, pair.kept, by=OPERATOR)) == badge, "printed again"
    undo_act(pair.district, event_id, by=BY)
    assert account.memberships.get().person_id == pair.gone
    assert secret_of(pair.district, make_badge(pair.district, pair.gone, by=OPERATOR)) == badge


@pytest.mark.parametrize("other_goes_on", [False, True])
def test_of_two_log_ins_the_chosen_one_goes_on_and_the_other_comes_back_with_an_undo(
    pair: Pair, *, other_goes_on: bool
) -> None:
    accounts = [
        set_credential(pair.district, person_id, f"log-in {person_id}", "river-otter-42", by=OPERATOR).account
        for person_id in (pair.kept, pair.gone)
    ]
    event_id = merge_people(pair.district, pair.kept, pair.gone, sign_in_from_gone=other_goes_on, by=BY)
    tied = [account.memberships.get().person_id for account in accounts]
    assert tied == ([pair.gone, pair.kept] if other_goes_on else [pair.kept, pair.gone])
    undo_act(pair.district, event_id, by=BY)
    assert [account.memberships.get().person_id for account in accounts] == [pair.kept, pair.gone]


def test_an_adults_membership_follows_their_row(pair: Pair) -> None:
    second = add_person(pair.district, person("Emmy", "Noether"), [role("teacher", pair.small.school)], by=BY)
    adult = open_account(f"{uuid.uuid4().hex}@example.org", "Emmy Noether", by=OPERATOR)
    member = give_membership(pair.district, adult, MembershipRole.TEACHER, person_id=second, by=OPERATOR)
    event_id = merge_people(pair.district, pair.small.teacher, second, by=BY)
    member.refresh_from_db()
    assert member.person_id == pair.small.teacher
    undo_act(pair.district, event_id, by=BY)
    member.refresh_from_db()
    assert member.person_id == second


def test_only_who_may_change_both_merges_and_tells_apart(pair: Pair) -> None:
    registrars = {
        "first": pair.small.registrar(pair.small.school),
        "other": pair.small.registrar(pair.small.other_school),
        "both": pair.small.registrar(pair.small.school, pair.small.other_school),
    }
    for name in ("first", "other"):
        for verb in (merge_people, tell_apart):
            for one, two in ((pair.kept, pair.gone), (pair.gone, pair.kept)):
                with pytest.raises((NotAllowed, NotThere)):
                    verb(pair.district, one, two, by=registrars[name])
    event_id = merge_people(pair.district, pair.kept, pair.gone, by=registrars["both"])
    with pytest.raises((NotAllowed, NotThere)):
        undo_act(pair.district, event_id, by=registrars["first"])
    assert undo_act(pair.district, event_id, by=registrars["both"]) == []


def test_nobody_is_merged_across_districts_with_themselves_or_when_they_left(pair: Pair) -> None:
    elsewhere = new_district("Hilltop Charter School")
    for one, two in ((pair.kept, pair.gone), (pair.gone, pair.kept)):
        with pytest.raises(NotThere):
            merge_people(elsewhere, one, two, by=BY)
    with pytest.raises(Refused, match="one row, not two"):
        merge_people(pair.district, pair.kept, pair.kept, by=BY)
    remove_person(pair.district, pair.gone, by=BY)
    for one, two in ((pair.kept, pair.gone), (pair.gone, pair.kept)):
        with pytest.raises(NotThere):
            merge_people(pair.district, one, two, by=BY)


def test_a_row_that_was_merged_is_nobodys_and_cannot_be_restored_alone(pair: Pair) -> None:
    merge_people(pair.district, pair.kept, pair.gone, by=BY)
    with pytest.raises(NotThere):
        restore_person(pair.district, pair.gone, by=BY)
    with within(pair.district):
        assert not people_in(pair.district, WHOLE_DISTRICT, removed=True).exists()


def test_what_was_shown_must_still_be_so(pair: Pair) -> None:
    seen = (_user(pair, pair.kept).stamp, _user(pair, pair.gone).stamp)
    edit_person(pair.district, pair.gone, {"email": "new@example.org"}, seen=seen[1], by=BY)
    with pytest.raises(Refused, match="changed one of the two"):
        merge_people(pair.district, pair.kept, pair.gone, seen=seen, by=BY)


def test_merges_are_undone_in_the_reverse_order(pair: Pair) -> None:
    third = add_person(pair.district, person("Ada", "Byron"), [role("student", pair.small.school)], by=BY)
    before = _live_content(pair.district)
    first = merge_people(pair.district, pair.kept, pair.gone, by=BY)
    second = merge_people(pair.district, third, pair.kept, by=BY)
    with pytest.raises(Refused, match="once more"):
        undo_act(pair.district, first, by=BY)
    assert undo_act(pair.district, second, by=BY) == []
    assert undo_act(pair.district, first, by=BY) == []
    assert _live_content(pair.district) == before


def test_a_role_that_goes_on_is_not_lost_in_one_that_is_over(pair: Pair) -> None:
    with within(pair.district):
        Role.objects.filter(user_id=pair.kept).update(end_date="2020-01-01")
    merge_people(pair.district, pair.kept, pair.gone, by=BY)
    with within(pair.district):
        here = Role.objects.filter(user_id=pair.kept, org_id=pair.small.school, removed_at=None)
        assert sorted(str(end) for end in here.values_list("end_date", flat=True)) == ["2020-01-01", "None"]


def test_the_offers_name_what_differs_and_propose_what_is_blank(pair: Pair) -> None:
    with within(pair.district):
        told = {offer.column: offer for offer in offers(pair.district, _user(pair, pair.kept), _user(pair, pair.gone))}
    assert set(told) == {"username", "identifier", "email", "grades", "primaryOrgSourcedId"}
    assert {name for name, offer in told.items() if offer.from_gone} == {"email"}


def _pairs(pair: Pair, editor: Editor = BY, *, birth_dates: bool = True) -> Proposals:
    with within(pair.district):
        return propose(pair.district, editor.scope, birth_dates=birth_dates)


def _born(pair: Pair, day: str, *people: int) -> None:
    with within(pair.district):
        for person_id in people:
            Demographics.objects.update_or_create(
                district_id=pair.district.pk,
                id=person_id,
                defaults={
                    "stamp": 1,
                    "created_stamp": 1,
                    "date_last_modified": "2026-09-01T00:00Z",
                    "birth_date": day,
                },
            )


def test_the_same_name_and_birth_date_propose_and_so_does_the_name_at_one_school(pair: Pair) -> None:
    (found,) = _pairs(pair).pairs
    assert ({found.one.id, found.other.id}, found.shared) == ({pair.kept, pair.gone}, ("name",))
    assert found.differs == ("grade",)
    _born(pair, "2014-05-06", pair.kept, pair.gone)
    (found,) = _pairs(pair).pairs
    assert found.shared == ("birth date", "name")
    (unseen,) = _pairs(pair, birth_dates=False).pairs
    assert unseen.shared == ("name",), "who may not see birth dates is told nothing of them"
    _born(pair, "2014-05-07", pair.gone)
    (found,) = _pairs(pair).pairs
    assert found.differs == ("birth date", "grade")
    assert _pairs(pair, pair.small.registrar(pair.small.school)).total == 1
    assert _pairs(pair, pair.small.registrar(pair.small.other_school)).total == 0


def test_a_shared_address_proposes_one_name_and_neither_siblings_nor_a_front_desk(pair: Pair) -> None:
    family = {"email": "family@example.org"}
    people = [
        add_person(pair.district, person(given, family_name, **family), [role("student", school)], by=BY)
        for given, family_name, school in (
            ("Zoë", "Babbage", pair.small.school),
            ("Zoe Ann", "Lovelace", pair.small.other_school),
            ("Max", "Babbage", pair.small.school),
        )
    ]
    by_address = [found for found in _pairs(pair).pairs if "email" in found.shared]
    assert [{found.one.id, found.other.id} for found in by_address] == [set(people[:2])]
    for number in range(3):
        add_person(pair.district, person("Zoe", f"Desk{number}", **family), [role("student", pair.small.school)], by=BY)
    assert not [found for found in _pairs(pair).pairs if "email" in found.shared]


def test_who_was_told_apart_is_not_proposed_again_until_somebody_merges_them(pair: Pair) -> None:
    for _ in range(2):
        tell_apart(pair.district, pair.gone, pair.kept, by=BY)
    assert _pairs(pair).total == 0
    with within(pair.district):
        assert [event.verb for event in list_events(pair.district.pk)].count("user.told_apart") == 1
    undo_act(pair.district, merge_people(pair.district, pair.kept, pair.gone, by=BY), by=BY)
    assert _pairs(pair).total == 1


def test_a_second_role_of_one_person_is_no_duplicate_of_theirs(pair: Pair) -> None:
    add_role(pair.district, pair.small.teacher, role("administrator", pair.small.school), by=BY)
    assert all(pair.small.teacher not in (found.one.id, found.other.id) for found in _pairs(pair).pairs)
