"""Making and finding districts."""

import uuid

import pytest

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.access import NoSuchDistrict, access_district
from firstbell.domain.districts.actions import BadDistrict, add_district
from firstbell.domain.districts.models import District, Method
from firstbell.domain.districts.queries import find_district, list_districts
from firstbell.domain.districts.sealing import seal, unseal
from firstbell.domain.districts.wall import within


def _code() -> str:
    return f"test-{uuid.uuid4().hex}"


def test_a_new_district_has_its_own_key_no_stamps_and_ninety_days(database: None) -> None:
    district = add_district(_code(), "Lakeside", by=OPERATOR, method="assisted", time_zone="America/Denver")
    assert (district.method, district.last_stamp, district.retention_days) == (Method.ASSISTED, 0, 90)
    found = District.objects.get(pk=district.pk)
    assert unseal(found, seal(district, b"x", name="n"), name="n") == b"x"


def test_making_a_district_is_written_down_in_it(database: None) -> None:
    district = add_district(_code(), "Lakeside", by=OPERATOR)
    with within(district):
        (event,) = list_events(district.pk)
    assert (event.verb, event.actor_kind, event.subject_id) == ("district.added", "operator", str(district.pk))


def test_a_code_is_found_however_it_is_typed(database: None) -> None:
    code = _code()
    district = add_district(f" {code.upper()} ", "Lakeside", by=OPERATOR)
    assert district.code == code
    assert find_district(f"{code.title()} ") == district
    assert district in list_districts()


def test_a_taken_code_is_refused(district: District) -> None:
    with pytest.raises(BadDistrict, match="already"):
        add_district(district.code, "Again", by=OPERATOR)


@pytest.mark.parametrize("code", ["", "-", "a b", "a--b", "-a", "é", "../a", "a" * 51])
def test_a_code_that_cannot_be_part_of_an_address_is_refused(database: None, code: str) -> None:
    with pytest.raises(BadDistrict, match="no code"):
        add_district(code, "Lakeside", by=OPERATOR)


def test_what_makes_no_sense_is_refused_with_words(database: None) -> None:
    with pytest.raises(BadDistrict, match="time zone"):
        add_district(_code(), "Lakeside", by=OPERATOR, time_zone="../../etc/passwd")
    with pytest.raises(BadDistrict, match="time zone"):
        add_district(_code(), "Lakeside", by=OPERATOR, time_zone="Chicago")
    with pytest.raises(BadDistrict, match="method"):
        add_district(_code(), "Lakeside", by=OPERATOR, method="by_magic")
    with pytest.raises(BadDistrict, match="name"):
        add_district(_code(), "  ", by=OPERATOR)


def test_not_there_and_not_yours_are_the_same(district: District, other_district: District) -> None:
    assert access_district(district.code, allowed={district.pk}) == district
    for code in (other_district.code, "nowhere"):
        with pytest.raises(NoSuchDistrict):
            access_district(code, allowed={district.pk})
