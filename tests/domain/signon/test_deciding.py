"""Who gets in through an identity provider: exactly one person on the roster who carries the key; else a reason."""

from datetime import timedelta

import pytest
from tests.domain.signon.conftest import NOON, School, new_school

from firstbell.domain.accounts.actions import close_account, give_membership, open_account
from firstbell.domain.accounts.models import Account, Membership, StaffRole
from firstbell.domain.accounts.models import Role as MembershipRole
from firstbell.domain.accounts.staff import add_staff
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.actions import change_method
from firstbell.domain.districts.rules import give_grace
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import remove_person
from firstbell.domain.roster.models import Record, User
from firstbell.domain.roster.sources import add_source
from firstbell.domain.signon.actions import (
    NotSo,
    Terms,
    add_connection,
    allow_another,
    change_connection,
    remove_connection,
    switch_on,
)
from firstbell.domain.signon.deciding import Claims, Refusal, decide
from firstbell.domain.signon.entering import Session, let_in, may_stay, note_refused
from firstbell.domain.signon.models import Connection, Key, Serves, SignIn, Tie
from firstbell.domain.signon.presets import CLIENT_ID, CLIENT_SECRET, PIN, PRESETS
from firstbell.domain.signon.queries import list_offered

pytestmark = pytest.mark.usefixtures("database")


def _decide(school: School, connection: Connection, subject: str = "s-1", **claims: object) -> int:
    return decide(school.district, connection, claims, subject, now=NOON).person.id


def _enter(school: School, connection: Connection, claims: Claims, subject: str = "s-1") -> Account:
    found = decide(school.district, connection, claims, subject, now=NOON)
    return let_in(school.district, connection, found, now=NOON)


def _refusal(school: School, connection: Connection, subject: str = "s-1", **claims: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        decide(school.district, connection, claims, subject, now=NOON)
    assert refused.value.remedy
    return refused.value


KEYS = [
    (Key.IDENTIFIER, "", "N-Amy"),
    (Key.IDENTIFIER, "", " n-amy "),
    (Key.USERNAME, "", "AMY.W"),
    (Key.USER_ID, "SSO", "sso-amy"),
    (Key.USER_ID, "State", "st-amy"),
]


@pytest.mark.parametrize(("key", "key_type", "value"), KEYS)
def test_somebody_is_found_by_the_key_that_was_chosen(school: School, key: Key, key_type: str, value: str) -> None:
    connection = school.connect(key, key_type=key_type)
    assert _decide(school, connection, number=value) == school.people["Amy"]


NOBODY = [
    (Key.IDENTIFIER, "", "N-Am"),
    (Key.IDENTIFIER, "", "N-Ámy"),
    (Key.IDENTIFIER, "", "N-%"),
    (Key.USERNAME, "", "amy"),
    (Key.USERNAME, "", "Amy Whitfield"),
    (Key.USER_ID, "SSO", "st-amy"),
    (Key.USER_ID, "SSO", "SSO-AMY"),
    (Key.USER_ID, "S.O", "sso-amy"),
    (Key.USER_ID, "SSO", ".*"),
    (Key.USER_ID, "SSO", "sso-amy},{State:st-amy"),
    (Key.SOURCED_ID, "", "N-Amy"),
]


@pytest.mark.parametrize(("key", "key_type", "value"), NOBODY)
def test_what_is_not_exactly_the_key_is_nobody(school: School, key: Key, key_type: str, value: str) -> None:
    refused = _refusal(school, school.connect(key, key_type=key_type), number=value)
    assert refused.says == "Nobody on the roster has it."
    assert refused.value == value
    with within(school.district):
        assert not Membership.objects.filter(district=school.district).exists()


@pytest.mark.parametrize("said", [None, "", "  ", True, ["N-Amy", "N-Ben"], {"id": "N-Amy"}, 1.5, "N-Amy\0", "x" * 201])
def test_a_claim_that_is_no_key_finds_nobody(school: School, said: object) -> None:
    refused = _refusal(school, school.connect(), number=said)
    assert "number" in refused.says


def test_a_number_and_a_list_of_one_are_keys_too(school: School) -> None:
    school.add("Zoe", identifier="4711")
    assert _decide(school, school.connect(), number=4711) == school.people["Zoe"]
    assert _decide(school, school.connect(name="Another"), number=["4711"]) == school.people["Zoe"]


def test_a_key_of_two_people_is_nobodys(school: School) -> None:
    school.change("Ben", identifier="N-Amy")
    assert _refusal(school, school.connect(), number="N-Amy").says.startswith("2 people")


def test_a_published_id_finds_who_was_made_here_and_a_sources_id_whom_the_source_calls_so(school: School) -> None:
    connection = school.connect(Key.SOURCED_ID, claim="sub")
    assert _decide(school, connection, sub=school.row("Amy").sourced_id) == school.people["Amy"]
    source = add_source(school.district, "PowerSchool", by=OPERATOR)
    with within(school.district):
        Record.objects.create(
            district_id=school.district.pk,
            source_id=source.pk,
            kind=KINDS["users"],
            source_key="4711",
            row_id=school.people["Amy"],
            version=1,
            present=True,
        )
    assert _decide(school, connection, sub="4711") == school.people["Amy"]
    # what an older system called somebody is no proof in the one that is in use
    assert _refusal(school, connection, sub=school.row("Amy").sourced_id).says == "Nobody on the roster has it."


def test_an_address_counts_only_when_verified_and_of_the_districts_domain(school: School) -> None:
    connection = school.connect(Key.EMAIL, "email", email_domains=["Lakeside.example"])
    amy = "amy@lakeside.example"
    assert _decide(school, connection, email=amy, email_verified=True) == school.people["Amy"]
    assert _decide(school, connection, email=amy.upper(), email_verified="true") == school.people["Amy"]
    assert _decide(school, connection, email=amy, xms_edov="1") == school.people["Amy"]
    unproved: tuple[object, ...] = (False, None, "no", 0, [], {"a": 1})
    for verified in unproved:
        assert "verified" in _refusal(school, connection, email=amy, email_verified=verified).says
    assert "verified" in _refusal(school, connection, email=amy).says
    school.change("Ben", email="ben@gmail.example")
    for other in ("ben@gmail.example", "amy@evil.lakeside.example", "amy@lakeside.example.evil", "amy@x@gmail.example"):
        assert "domain" in _refusal(school, connection, email=other, email_verified=True).says


def test_an_address_needs_a_domain_and_an_id_a_type(school: School) -> None:
    with pytest.raises(NotSo):
        school.connect(Key.EMAIL, "email")
    with pytest.raises(NotSo):
        school.connect(Key.USER_ID, "number")


def test_a_log_in_of_another_customer_of_the_same_provider_is_refused(school: School) -> None:
    values = {CLIENT_ID: "c", CLIENT_SECRET: "s", PIN: "district-1"}
    connection = add_connection(
        school.district, PRESETS["clever"], values, Terms("Clever", Key.IDENTIFIER, "number"), by=OPERATOR
    )
    assert _decide(school, connection, number="N-Amy", district="district-1") == school.people["Amy"]
    for theirs in ("district-2", "", None, ["district-1", "district-2"]):
        assert "another organization" in _refusal(school, connection, number="N-Amy", district=theirs).says
    assert "is missing" in _refusal(school, connection, number="N-Amy").says


def test_who_left_is_refused_with_the_day_and_comes_back_when_restored(school: School) -> None:
    connection = school.connect()
    school.change("Amy", removed_at=NOON - timedelta(days=3))
    refused = _refusal(school, connection, number="N-Amy")
    assert refused.says == "This person left the roster on 27 November 2026."
    assert refused.person_id == school.people["Amy"]
    school.change("Amy", removed_at=None)
    assert _decide(school, connection, number="N-Amy") == school.people["Amy"]


def test_students_have_the_days_of_grace_that_the_district_gives_and_staff_none(school: School) -> None:
    connection = school.connect()
    give_grace(school.district, days=2, by=OPERATOR)
    for name in ("Amy", "Tom"):
        school.change(name, removed_at=NOON - timedelta(days=1, hours=23))
    assert _decide(school, connection, number="N-Amy") == school.people["Amy"]
    assert "left the roster" in _refusal(school, connection, number="N-Tom").says
    school.change("Amy", removed_at=NOON - timedelta(days=2))
    assert "left the roster" in _refusal(school, connection, number="N-Amy").says


def test_who_is_switched_off_or_has_no_part_is_refused(school: School) -> None:
    connection = school.connect()
    school.change("Amy", enabled_user=False)
    assert "switched off" in _refusal(school, connection, number="N-Amy").says
    school.add("Mum", "parent")
    assert "neither a student nor staff" in _refusal(school, connection, number="N-Mum").says


def test_a_connection_serves_whom_it_is_for_and_the_schools_whose_turn_it_is(school: School) -> None:
    students = school.connect(serves=Serves.STUDENTS)
    staff = school.connect(name="Staff", serves=Serves.STAFF)
    at_elm = school.connect(name="Elm first", school_ids=[school.org_id])
    assert _decide(school, students, number="N-Amy")
    assert "is staff" in _refusal(school, students, number="N-Tom").says
    assert _decide(school, staff, number="N-Tom")
    assert "is a student" in _refusal(school, staff, number="N-Amy").says
    assert _decide(school, at_elm, number="N-Amy")
    assert "school" in _refusal(school, at_elm, number="N-Ben").says


@pytest.mark.parametrize("key", [Key.EMAIL, Key.USERNAME])
def test_a_username_that_went_to_somebody_else_opens_nothing_until_a_person_allows_it(school: School, key: Key) -> None:
    connection = school.connect(key, "name", email_domains=["lakeside.example"])
    said = {Key.EMAIL: "amy@lakeside.example", Key.USERNAME: "amy.w"}[key]
    claims = {"name": said, "email_verified": True}
    _enter(school, connection, claims, "s-1")
    _enter(school, connection, claims, "s-1")
    refused = _refusal(school, connection, "s-2", **claims)
    assert "another log-in" in refused.says
    noted = note_refused(school.district, connection, refused, now=NOON)
    allow_another(school.district, noted, by=OPERATOR)
    _enter(school, connection, claims, "s-2")
    assert "another log-in" in _refusal(school, connection, "s-1", **claims).says


def test_a_log_in_stays_with_its_person_whatever_it_says_later(school: School) -> None:
    connection = school.connect()
    _enter(school, connection, {"number": "N-Amy"}, "s-1")
    refused = _refusal(school, connection, "s-1", number="N-Ben")
    assert "somebody else’s" in refused.says
    allow_another(school.district, note_refused(school.district, connection, refused, now=NOON), by=OPERATOR)
    _enter(school, connection, {"number": "N-Ben"}, "s-1")


def test_a_new_log_in_is_taken_where_the_key_is_for_life(school: School) -> None:
    connection = school.connect()
    first = _enter(school, connection, {"number": "N-Amy"}, "s-1")
    assert _enter(school, connection, {"number": "N-Amy"}, "s-2") == first


def test_a_student_gets_one_account_however_often_they_come(school: School) -> None:
    connection = school.connect()
    accounts = {_enter(school, connection, {"number": "N-Amy"}, f"s-{number}").pk for number in range(3)}
    (account_id,) = accounts
    (membership,) = Membership.objects.filter(account_id=account_id)
    assert (membership.role, membership.person_id) == ("student", school.people["Amy"])
    assert Account.objects.get(pk=account_id).email is None


def test_a_teacher_without_an_account_gets_one_and_a_principal_has_to_be_invited(school: School) -> None:
    connection = school.connect()
    account = _enter(school, connection, {"number": "N-Tom"})
    assert Membership.objects.get(account=account).role == MembershipRole.TEACHER
    with pytest.raises(Refusal, match="leads a school"):
        _enter(school, connection, {"number": "N-Pat"}, "s-2")
    pat = open_account(f"pat.{school.district.pk}@lakeside.example", "Pat", by=OPERATOR)
    give_membership(school.district, pat, MembershipRole.PRINCIPAL, person_id=school.people["Pat"], by=OPERATOR)
    assert _enter(school, connection, {"number": "N-Pat"}, "s-2") == pat


def test_one_districts_provider_opens_no_other_district(school: School) -> None:
    other, connection = new_school("Hilltop"), school.connect()
    ann = open_account(f"ann.{school.district.pk}@lakeside.example", "Ann", by=OPERATOR)
    give_membership(school.district, ann, MembershipRole.TEACHER, person_id=school.people["Tom"], by=OPERATOR)
    assert _enter(school, connection, {"number": "N-Tom"}) == ann
    session = Session(school.district.pk, connection.pk, school.people["Tom"], ann.pk)
    assert may_stay(school.district, session, now=NOON)
    give_membership(other.district, ann, MembershipRole.TEACHER, person_id=other.people["Tom"], by=OPERATOR)
    with pytest.raises(Refusal, match="outside this district"):
        _enter(school, connection, {"number": "N-Tom"})
    assert not may_stay(school.district, session, now=NOON)


def test_vendor_staff_do_not_come_by_a_districts_provider(school: School) -> None:
    connection = school.connect()
    staff = add_staff(f"v.{school.district.pk}@vendor.example", "Vic", StaffRole.OPERATOR, by=OPERATOR)
    give_membership(school.district, staff.account, MembershipRole.TEACHER, person_id=school.people["Tom"], by=OPERATOR)
    with pytest.raises(Refusal, match="outside this district"):
        _enter(school, connection, {"number": "N-Tom"})


def test_a_closed_account_stays_closed(school: School) -> None:
    connection = school.connect()
    close_account(_enter(school, connection, {"number": "N-Amy"}), by=OPERATOR)
    with pytest.raises(Refusal, match="closed"):
        _enter(school, connection, {"number": "N-Amy"})


def test_two_districts_of_one_provider_keep_their_people_apart(school: School) -> None:
    other = new_school("Hilltop")
    here, there = school.connect(), other.connect()
    amy = _enter(school, here, {"number": "N-Amy"}, "the-same-subject")
    hers = _enter(other, there, {"number": "N-Amy"}, "the-same-subject")
    assert amy != hers
    assert Membership.objects.get(account=amy).district == school.district
    assert Membership.objects.get(account=hers).district == other.district
    for one, account in ((school, amy), (other, hers)):
        with within(one.district):
            (tie,) = Tie.objects.all()
            assert tie.person_id == Membership.objects.get(account=account).person_id


def test_a_session_ends_with_the_connection_the_roster_or_the_method(school: School) -> None:
    connection = school.connect()
    account = _enter(school, connection, {"number": "N-Amy"})
    session = Session(school.district.pk, connection.pk, school.people["Amy"], account.pk)
    assert may_stay(school.district, session, now=NOON)
    remove_person(school.district, school.people["Amy"], by=BY)
    assert not may_stay(school.district, session, now=NOON + timedelta(days=1000))
    school.change("Amy", removed_at=None)
    assert may_stay(school.district, session, now=NOON)
    change_method(school.district, "self_managed", by=OPERATOR)
    assert list_offered(school.district) == []
    assert not may_stay(school.district, session, now=NOON)
    with pytest.raises(NotSo, match="Automated only"):
        switch_on(school.district, connection, by=OPERATOR)
    change_method(school.district, "automated", by=OPERATOR)
    assert may_stay(school.district, session, now=NOON)
    remove_connection(school.district, connection, by=OPERATOR)
    assert not may_stay(school.district, session, now=NOON)
    with within(school.district):
        assert not SignIn.objects.exists()
        assert User.objects.filter(id=school.people["Amy"]).exists()


def test_a_changed_connection_has_to_be_tested_again_and_keeps_its_secret(school: School) -> None:
    from firstbell.domain.signon.actions import note_tested, secrets_of
    from firstbell.domain.signon.queries import find_connection

    connection = school.connect()
    note_tested(school.district, connection, now=NOON)
    values = {"issuer": "https://id2.example.org", CLIENT_ID: "c2", CLIENT_SECRET: ""}
    change_connection(school.district, connection, values, Terms("Ours", Key.USERNAME, "name"), by=OPERATOR)
    found = find_connection(school.district, connection.pk)
    assert found is not None
    assert (found.tested_at, found.settings["issuer"]) == (None, "https://id2.example.org")
    assert secrets_of(school.district, found)[CLIENT_SECRET] == "canary-of-the-client-secret"
    assert b"canary" not in bytes(found.secrets)


def test_two_connections_have_two_names(school: School) -> None:
    school.connect()
    with pytest.raises(NotSo, match="already"):
        school.connect()
