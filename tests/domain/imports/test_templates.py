"""Lists that people fill in: what they add is nobody's, what others own stays as it is, and nothing is doubled."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.domain.imports.rosters import PRINCIPAL, Door, changes, found, open_door, published, state
from tests.engine.district import lakeside
from tests.engine.formats.lists import SIMPLE, STUDENTS, Sheet, sheet, write_lists

from firstbell.domain.accounts.models import Credential
from firstbell.domain.accounts.passphrases import COUNT, WORDS, bits_of
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.passwords import make_passwords, use_passwords
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.columns import MODELS
from firstbell.domain.roster.models import User

type Bring = Callable[..., Run]


@pytest.fixture
def lists(district: District, tmp_path: Path) -> Door:
    return open_door(district, tmp_path / "lists", "lists", owns=False)


@pytest.fixture
def bring(lists: Door, tmp_path: Path) -> Bring:
    numbers = iter(range(1000))

    def bring_sheets(**sheets: Sheet) -> Run:
        named = {name.replace("_", " "): text for name, text in sheets.items()}
        run = lists.bring(write_lists(tmp_path / f"list-{next(numbers)}", named))
        assert run.state == RunState.APPLIED, (run.message, run.reasons)
        return run

    return bring_sheets


def _simple(**other: Sheet) -> dict[str, Sheet]:
    return {name.replace(" ", "_"): text for name, text in SIMPLE.items()} | other


def _titles(district: District) -> list[str]:
    return sorted(str(content["title"]) for content in published(district)["classes"].values())


def _owners(district: District) -> set[int | None]:
    with within(district):
        return {
            owner
            for model in MODELS.values()
            for owner in model.objects.filter(district_id=district.pk).values_list("source_id", flat=True)  # type: ignore[attr-defined]
        }


def test_two_sheets_make_schools_classes_and_people_that_nobody_owns(lists: Door, bring: Bring) -> None:
    run = bring(**_simple())
    rows = published(lists.district)
    assert changes(run)["users"] == {"added": 5}
    assert [content["name"] for content in rows["orgs"].values()] == ["Lincoln Elementary"]
    assert _titles(lists.district) == ["Art", "Homeroom 3A"]
    assert sorted(str(content["role"]) for content in rows["enrollments"].values()) == ["student"] * 4 + ["teacher"] * 2
    assert {content["identifier"] for content in rows["users"].values()} >= {"0012", "0013"}
    assert _owners(lists.district) == {None}
    assert all(key.startswith("fb-") for table in ("users", "classes", "orgs") for key in rows[table])


def test_the_same_sheets_again_change_nothing(lists: Door, bring: Bring) -> None:
    bring(**_simple())
    before = published(lists.district)
    stamp = state(lists.district)["stamp"]
    assert changes(bring(**_simple(), Schools=sheet("School name", "Lincoln Elementary"))) == {}
    assert (published(lists.district), state(lists.district)["stamp"]) == (before, stamp)


def test_somebody_new_without_a_school_is_told(lists: Door, bring: Bring) -> None:
    bring(**_simple())
    run = bring(Students=sheet("First name,Last name,Student number", "New,Child,88"))
    assert (found(lists.district, run), changes(run)) == ({"value-missing"}, {})


def test_a_blank_cell_and_a_missing_column_leave_what_is_there(lists: Door, bring: Bring) -> None:
    bring(**_simple())
    bring(Students=sheet("First name,Last name,Student number,Grade,Username", "Ana,Lopez,0012,4,"))
    ana = next(one for one in published(lists.district)["users"].values() if one["identifier"] == "0012")
    assert (ana["grades"], ana["username"]) == (["04"], "ana.l")
    assert len(published(lists.district)["enrollments"]) == 6


def test_people_are_known_by_their_username_when_the_number_is_not_there(lists: Door, bring: Bring) -> None:
    bring(**_simple())
    ana = sheet("First name,Last name,Username,Grade,School name", "Ana,Lopez,ANA.L,5,Lincoln Elementary")
    run = bring(Students=ana)
    assert changes(run) == {"users": {"updated": 1}}


def test_a_number_of_somebody_else_is_an_error(lists: Door, bring: Bring) -> None:
    bring(**_simple())
    before = published(lists.district)
    run = bring(
        Teachers_and_staff=sheet("First name,Last name,Staff number,School name", "Zoe,Zimmer,0012,Lincoln Elementary")
    )
    assert "number-of-another" in found(lists.district, run)
    assert published(lists.district) == before


def test_two_people_of_one_name_need_a_number(lists: Door, bring: Bring) -> None:
    run = bring(Students=sheet("First name,Last name,School name", "Al,Day,Elm", "al,day,Elm", "Bea,Day,Elm"))
    assert "name-without-number" in found(lists.district, run)
    assert [one["givenName"] for one in published(lists.district)["users"].values()] == ["Bea"]


def test_rows_of_a_source_are_joined_by_name_and_never_written_on(sis: Door, lists: Door, bring: Bring) -> None:
    assert sis.bring(lakeside(3)).state == RunState.APPLIED
    before = published(sis.district)
    school = next(one["name"] for one in before["orgs"].values() if one["type"] == "school")
    title = _titles(sis.district)[0]
    pupil = next(one for one in before["users"].values() if one["identifier"])
    run = bring(
        Students=sheet(
            "First name,Last name,Student number,Grade,School name,Classes",
            f"New,Child,9001,2,{school},{title}",
            f"{pupil['givenName']},{pupil['familyName']},{pupil['identifier']},12,{school},",
        )
    )
    after = published(sis.district)
    assert changes(run) == {"users": {"added": 1}, "roles": {"added": 1}, "enrollments": {"added": 1}}
    for table, rows in before.items():
        assert {key: after[table][key] for key in rows} == rows
    assert _titles(sis.district) == _titles(lists.district)
    assert len(after["classes"]) == len(before["classes"])


def test_a_class_of_two_schools_goes_by_its_school(lists: Door, bring: Bring) -> None:
    two = sheet("Class name,School name,Teachers", "Art,Elm,t@x.org", "Art,Oak,T@x.org")
    staff = sheet("First name,Last name,Email,Schools", "T,Each,t@x.org,Elm; Oak")
    pupils = sheet("First name,Last name,Username,Schools,Classes", "A,B,ab,Oak,Art", "C,D,cd,Elm; Oak,Art")
    run = bring(Classes=two, Teachers_and_staff=staff, Students=pupils)
    assert "name-ambiguous" in found(lists.district, run)
    rows = published(lists.district)
    schools = {key: content["name"] for key, content in rows["orgs"].items()}
    pupils_in = [one for one in rows["enrollments"].values() if one["role"] == "student"]
    placed = {one["userSourcedId"]: schools[str(one["schoolSourcedId"])] for one in pupils_in}
    assert list(placed.values()) == ["Oak"]
    assert len(rows["classes"]) == 2
    assert sum(content["role"] == "teacher" for content in rows["enrollments"].values()) == 2


def test_undo_takes_back_what_a_list_did(lists: Door, bring: Bring) -> None:
    bring(**_simple())
    before = published(lists.district)
    run = bring(
        Students=sheet(
            "First name,Last name,Student number,Grade,School name",
            "Ana,Lopez,0012,4,",
            "New,Child,77,1,Lincoln Elementary",
        )
    )
    assert changes(run)["users"] == {"added": 1, "updated": 1}
    undone = lists.undo(run)
    assert not undone.conflicts
    assert published(lists.district) == before
    assert bring(**_simple()).state == RunState.APPLIED


def test_passwords_in_a_list_open_log_ins(lists: Door, bring: Bring) -> None:
    run = bring(**_simple())
    assert use_passwords(lists.district, run) == 1
    with within(lists.district):
        credential = Credential.objects.get(district_id=lists.district.pk, username="ana.l")
        assert credential.password.startswith("argon2")


def test_an_unknown_firstbell_id_is_an_error(lists: Door, bring: Bring) -> None:
    bring(**_simple())
    run = bring(Students=sheet("Firstbell ID,First name,Last name,Grade", "fb-1,Ana,Lopez,4"))
    assert (found(lists.district, run), changes(run)) == ({"firstbell-id-unknown"}, {})


def test_a_sheet_sorted_by_one_column_alone_changes_nobody(lists: Door, bring: Bring) -> None:
    bring(**_simple())
    ids = {content["givenName"]: key for key, content in published(lists.district)["users"].items()}
    before = published(lists.district)
    run = bring(Students=sheet("Firstbell ID,First name,Last name", f"{ids['Ana']},Bo,Lee", f"{ids['Bo']},Ana,Lopez"))
    assert found(lists.district, run) == {"firstbell-id-unknown"}
    assert published(lists.district) == before


def _replace(lists: Door, folder: Path, sheets: dict[str, Sheet]) -> Run:
    path = write_lists(folder, sheets)
    run = receive_path(lists.district, lists.source, path, by=PRINCIPAL, replaces=True)
    return carry_out(lists.district, run)


TWO_SCHOOLS = sheet(
    "First name,Last name,Student number,Schools,Classes",
    "Ana,Lopez,1,Elm,Art",
    "Bo,Lee,2,Elm,Art",
    "Cy,Ng,3,Elm; Oak,",
    "Di,Vo,4,Oak,Choir",
)


def test_replacing_takes_only_those_of_the_schools_that_the_list_names(
    sis: Door, lists: Door, bring: Bring, tmp_path: Path
) -> None:
    assert sis.bring(lakeside(3)).state == RunState.APPLIED
    owned = published(sis.district)
    bring(Students=TWO_SCHOOLS, Teachers_and_staff=sheet("First name,Last name,Email,Schools", "T,Each,t@x.org,Elm"))
    run = _replace(
        lists, tmp_path / "next", {STUDENTS: sheet("First name,Last name,Student number,Schools", "Ana,Lopez,1,Elm")}
    )
    assert run.state == RunState.APPLIED, run.reasons
    rows = published(lists.district)
    left = {str(content["givenName"]) for key, content in rows["users"].items() if key.startswith("fb-")}
    assert left == {"Ana", "Cy", "Di", "T"}
    schools = {key: content["name"] for key, content in rows["orgs"].items()}
    cy = next(key for key, content in rows["users"].items() if content["givenName"] == "Cy")
    assert [schools[str(one["orgSourcedId"])] for one in rows["roles"].values() if one["userSourcedId"] == cy] == [
        "Oak"
    ]
    for table, before in owned.items():
        assert {key: rows[table][key] for key in before} == before
    lists.undo(run)
    assert {str(one["givenName"]) for one in published(lists.district)["users"].values()} >= {"Ana", "Bo", "Cy"}


def test_replacing_a_school_with_hardly_anybody_waits_for_a_person(lists: Door, bring: Bring, tmp_path: Path) -> None:
    pupils = [f"P{number},Day,{number},Elm" for number in range(40)]
    header = "First name,Last name,Student number,Schools"
    bring(Students=sheet(header, *pupils))
    run = _replace(lists, tmp_path / "next", {STUDENTS: sheet(header, *pupils[:3])})
    assert run.state == RunState.HELD
    assert {reason["code"] for reason in run.reasons} == {"too-many-removals"}
    assert len(published(lists.district)["users"]) == 40


def test_the_same_list_replaces_although_it_was_added_before(lists: Door, bring: Bring, tmp_path: Path) -> None:
    header = "First name,Last name,Student number,Schools"
    bring(Students=sheet(header, "Ana,Lopez,1,Elm", "Bo,Lee,2,Elm"))
    one = {STUDENTS: sheet(header, "Ana,Lopez,1,Elm")}
    assert changes(lists.bring(write_lists(tmp_path / "same", one))) == {}
    assert changes(_replace(lists, tmp_path / "same", one))["users"] == {"removed": 1}


def test_passphrases_are_made_for_students_without_a_log_in_and_told_once(lists: Door, bring: Bring) -> None:
    run = bring(**_simple())
    use_passwords(lists.district, run)
    with within(lists.district):
        everyone = list(User.objects.filter(district_id=lists.district.pk).values_list("id", flat=True))
    made = make_passwords(lists.district, everyone, by=PRINCIPAL)
    assert sorted(one.username for one in made) == ["bo.lee", "cy.ng"]
    assert all(set(one.password.split()) <= set(WORDS) and len(one.password.split()) == COUNT for one in made)
    with within(lists.district):
        for one in made:
            stored = Credential.objects.get(district_id=lists.district.pk, user_id=one.user_id)
            assert stored.password.startswith("argon2")
            assert one.password not in stored.password
    assert make_passwords(lists.district, everyone, by=PRINCIPAL) == []


def test_words_are_told_apart_and_as_many_as_the_entropy_says() -> None:
    assert len(set(WORDS)) == len(WORDS) == 179
    assert 22.4 < bits_of() < 22.5
