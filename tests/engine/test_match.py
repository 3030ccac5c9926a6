"""Whom do we know? Declared keys recognise a person when the name or the birth date agrees; never a guess."""

import polars as pl
import pytest
from tests.engine.district import District, actions, codes, found_in_comparing, lakeside, planned

from firstbell.engine.policy import Policy
from firstbell.engine.snapshot import Snapshot


class OtherSource(Snapshot):
    """A roster whose rows all came from another source: no record of ours, so everyone is a stranger to us."""

    def __init__(self, *districts: District) -> None:
        super().__init__()
        for district in districts:
            self.take(planned(district, self).comparison)
        for table, rows in self._rows.items():
            self._rows[table] = rows.with_columns(owner=pl.lit(None, pl.String))
            self._records[table] = self._records[table].clear()

    def strangers(self, table: str, column: str, values: pl.Series) -> pl.DataFrame:
        rows = self._rows[table]
        return rows.filter(pl.col(column).str.to_lowercase().is_in(values.implode()))


@pytest.fixture
def known() -> OtherSource:
    return OtherSource(lakeside().only("orgs", "users", "roles", "demographics"))


def _incoming(**cells: str) -> District:
    """One person under an id of this source's own, with a key that the roster knows."""
    person = {**lakeside().row("users", "s0"), "sourcedId": "x", **cells}
    return District({"users": [person]})


def test_a_key_and_the_name_recognise_a_person(known: OtherSource) -> None:
    result = planned(_incoming(givenName="ADA"), known)
    assert actions(result) == {"users": {"updated": 1}}
    change = result.comparison.plans["users"].changes
    assert change["takes"].to_list() == [True]
    assert change["row_id"].to_list() == known._rows["users"].filter(identifier="900000")["row_id"].to_list()


def test_a_key_and_the_birth_date_recognise_a_person_who_took_a_new_name(known: OtherSource) -> None:
    district = _incoming(familyName="Newname")
    district.files["demographics"] = [{"sourcedId": "x", "birthDate": "2015-01-01"}]
    result = planned(district, known)
    assert actions(result)["users"] == {"updated": 1}


def test_a_key_that_belongs_to_somebody_else_is_kept_apart(known: OtherSource) -> None:
    result = planned(_incoming(givenName="Zoe", familyName="Other"), known)
    assert actions(result) == {"users": {"added": 1}}
    assert found_in_comparing(result) == {"key-not-corroborated"}


def test_the_same_name_with_another_birth_date_is_kept_apart(known: OtherSource) -> None:
    district = _incoming()
    district.files["demographics"] = [{"sourcedId": "x", "birthDate": "1999-12-31"}]
    assert actions(planned(district, known))["users"] == {"added": 1}


def test_two_records_that_claim_one_key_are_kept_apart(known: OtherSource) -> None:
    district = _incoming()
    district["users"].append({**district["users"][0], "sourcedId": "y", "username": "other"})
    result = planned(district, known)
    assert actions(result) == {"users": {"added": 2}}
    assert found_in_comparing(result) == {"key-claimed-twice"}
    assert codes(result) == set()


def test_names_alone_recognise_nobody(known: OtherSource) -> None:
    assert actions(planned(_incoming(identifier=""), known)) == {"users": {"added": 1}}


def test_a_key_counts_only_where_the_district_declared_it(known: OtherSource) -> None:
    by_username = Policy(match_keys={"users": ("username",)})
    assert actions(planned(_incoming(identifier=""), known, by_username)) == {"users": {"updated": 1}}
    assert actions(planned(_incoming(), known, Policy(match_keys={}))) == {"users": {"added": 1}}


def test_a_contributor_gives_its_fields_to_people_of_others_and_no_more(known: OtherSource) -> None:
    policy = Policy(contributes={"users": ("email",)}, match_keys={"users": ("identifier",)})
    result = planned(_incoming(email="ada@example.org", phone="555 0100"), known, policy)
    changes = result.comparison.plans["users"].changes
    assert changes["changed"].to_list() == [["email"]]
    assert changes["takes"].to_list() == [False]
