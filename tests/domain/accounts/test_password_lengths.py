"""The district says how long students' passwords are, by band of grades."""

import pytest

from firstbell.domain.accounts.actions import BadCredential, set_credential
from firstbell.domain.accounts.bands import length_for
from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.rules import ask_for_lengths


@pytest.mark.parametrize(
    ("grades", "least"),
    [(["KG"], 4), (["02"], 4), (["03"], 6), (["06"], 8), (["12"], 8), ([], 8), (["UG"], 8), (["02", "03"], 6)],
)
def test_the_younger_the_shorter_and_of_two_bands_the_longer(district: District, grades: list[str], least: int) -> None:
    assert length_for(district, grades) == least


def test_a_district_sets_its_own(district: District) -> None:
    ask_for_lengths(district, {"young": 5, "middle": 7, "old": 10}, by=OPERATOR)
    found = District.objects.get(pk=district.pk)
    assert [length_for(found, [grade]) for grade in ("KG", "04", "09")] == [5, 7, 10]


def test_a_password_shorter_than_its_band_is_refused_and_the_old_one_stays(district: District) -> None:
    account = set_credential(district, 7, "amy", "bird", grades=["KG"], by=OPERATOR).account
    with pytest.raises(BadCredential, match="at least 8"):
        set_credential(district, 7, "amy", "birdies", grades=["09"], by=OPERATOR)
    assert authenticate_student(district, "amy", "bird", address="192.0.2.7") == account
