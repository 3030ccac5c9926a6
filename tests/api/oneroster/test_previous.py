"""What a record said before, told with its change: against what a program held at its cursor, member by member."""

from pathlib import Path
from typing import Any

import pytest
from tests.api.oneroster.conftest import V1P2, Product, Record, product_of
from tests.api.oneroster.test_changes import ask
from tests.api.oneroster.test_grants import newcomer
from tests.api.oneroster.test_polling import pull
from tests.api.oneroster.town import Rows, Said, bring, make_town, next_day

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person, edit_person, remove_person
from firstbell.domain.roster.models import Enrollment, Org, User
from firstbell.domain.sharing.models import Past

TOWN = make_town(8, students=20)
REFERRING = {"agents", "roles", "terms", "parent", "primaryOrg", "userProfiles"}


@pytest.fixture
def product(district: District, tmp_path: Path) -> Product:
    bring(district, TOWN, tmp_path)
    return product_of(district)


def walk(product: Product, cursor: str, limit: int = 7) -> list[Any]:
    """All that changed behind a cursor."""
    found, more = [], True
    while more:
        answer = ask(product, cursor=cursor, limit=limit)
        found += answer["changes"]
        cursor, more = answer["cursor"], answer["more"]
    return found


def differences(before: Record, after: Record) -> Record:
    names = {**before, **after}.keys() - {"dateLastModified"}
    return {name: before.get(name) for name in names if before.get(name) != after.get(name)}


def nights(district: District, folder: Path) -> Rows:
    rows = TOWN
    for night in range(3):
        rows = next_day(rows, 80 + night)
        bring(district, rows, folder, f"night-{night}")
    return rows


def test_previous_is_what_the_program_held_at_its_cursor(product: Product, tmp_path: Path) -> None:
    north = newcomer(product.district, Said(schools=("north",), hidden=frozenset({"users.email", "users.phone"})))
    cursors = {program.token: ask(program)["cursor"] for program in (product, north)}
    held = {program.token: pull(program, V1P2) for program in (product, north)}
    nights(product.district, tmp_path)
    seen = 0
    for program in (product, north):
        for change in walk(program, cursors[program.token]):
            record, known = change["record"], held[program.token][change["table"]]
            assert ("previous" in change) == (change["type"] == "updated")
            assert (change["type"] == "created") == (record["sourcedId"] not in known) or change["type"] == "deleted"
            if change["type"] != "updated":
                continue
            expected = differences(known[record["sourcedId"]], record)
            if program is north:  # what it is not shown any more it is not told of as previous
                assert not {"email", "phone"} & set(change["previous"])
                for told in (expected, change["previous"]):
                    for name in REFERRING:
                        told.pop(name, None)
            assert change["previous"] == expected
            seen += bool(expected)
    assert seen >= 6


def test_twice_changed_is_told_as_it_was_at_the_cursor(product: Product) -> None:
    district = product.district
    with within(district):
        north = Org.objects.get(district_id=district.pk, sourced_id="north")
    role = {"role": "student", "orgSourcedId": str(north.id)}
    person = add_person(district, {"givenName": "Pat", "familyName": "One"}, [role], by=BY)
    cursor = ask(product)["cursor"]
    for name in ("Two", "Three"):
        with within(district):
            stamp = User.objects.get(district_id=district.pk, id=person).stamp
        edit_person(district, person, {"familyName": name}, seen=stamp, by=BY)
    [change] = walk(product, cursor)
    assert (change["record"]["familyName"], change["previous"]) == ("Three", {"familyName": "One"})
    with within(district):
        assert Past.objects.filter(row_id=person, kind=4).count() == 2
    remove_person(district, person, by=BY)
    assert [one["type"] for one in walk(product, cursor) if one["table"] == "users"] == ["deleted"]


def test_nothing_is_kept_where_no_program_reads_and_what_is_erased_leaves_no_past(
    district: District, tmp_path: Path
) -> None:
    bring(district, TOWN, tmp_path)
    bring(district, next_day(TOWN, 81), tmp_path, "one")
    with within(district):
        assert not Past.objects.filter(district_id=district.pk).exists()
    product_of(district)
    bring(district, next_day(TOWN, 82), tmp_path, "two")
    with within(district):
        kept = Past.objects.filter(district_id=district.pk, kind=7)
        gone = kept[0].row_id
        Enrollment.objects.filter(district_id=district.pk, id=gone).delete()
        assert kept.exists()
        assert not kept.filter(row_id=gone).exists()
