"""A system that takes over finds schools, terms and classes of nobody: one alone is meant, and a person decides."""

import polars as pl
import pytest
from tests.engine.district import District, actions, lakeside, planned
from tests.engine.test_match import OtherSource

from firstbell.engine.policy import Policy

WAITS = Policy(held="Its first sync is a rehearsal.")


def _renumbered(district: District) -> District:
    """The same roster under ids of another system's own."""
    ids = {row["sourcedId"] for rows in district.files.values() for row in rows if row.get("sourcedId")}
    other = district.copy()
    for file, rows in other.files.items():
        other.files[file] = [
            {
                name: ",".join(f"n-{part}" if part in ids else part for part in cell.split(","))
                if name.endswith(("sourcedId", "SourcedId", "SourcedIds"))
                else cell
                for name, cell in row.items()
            }
            for row in rows
        ]
    return other


@pytest.fixture
def known() -> OtherSource:
    return OtherSource(lakeside())


def test_everything_is_found_where_a_person_decides(known: OtherSource) -> None:
    done = actions(planned(_renumbered(lakeside()), known, WAITS))
    assert not any("added" in what or "removed" in what for what in done.values()), done
    assert done["classes"] == {"updated": len(lakeside()["classes"])}
    assert done["enrollments"] == {"updated": len(lakeside()["enrollments"])}


def test_in_a_run_that_goes_by_itself_a_title_matches_nothing(known: OtherSource) -> None:
    done = actions(planned(_renumbered(lakeside()), known))
    assert done["classes"] == {"added": len(lakeside()["classes"])}


def test_two_of_one_title_and_code_are_nobodys(known: OtherSource) -> None:
    district = _renumbered(lakeside())
    first = district["classes"][0]
    district["classes"].append({**first, "sourcedId": "n-double"})
    done = actions(planned(district, known, WAITS))
    assert done["classes"] == {"added": 2, "updated": len(lakeside()["classes"]) - 1}


def test_a_list_that_people_fill_in_has_a_way_of_its_own(known: OtherSource) -> None:
    done = actions(planned(_renumbered(lakeside()), known, Policy(held="Always.", owns=False)))
    assert done["classes"] == {"added": len(lakeside()["classes"])}


def test_what_another_system_has_is_not_taken(known: OtherSource) -> None:
    known._rows["classes"] = known._rows["classes"].with_columns(owner=pl.lit("other"))
    done = actions(planned(_renumbered(lakeside()), known, WAITS))
    assert done["classes"] == {"added": len(lakeside()["classes"])}
