"""A source's scope: nothing that is outside is imported, or kept, or told."""

import io
import zipfile

from tests.domain.imports.rosters import PRINCIPAL
from tests.domain.sources.conftest import Fetching
from tests.engine.district import lakeside

from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import INPUT, RECEIVED, RunFolder
from firstbell.domain.roster.models import Source, User
from firstbell.domain.sources.actions import set_scope

CANARY = "Canary-outside-7c1"


def _scope(fetching: Fetching, **scope: list[str]) -> None:
    with within(fetching.district):
        source = Source.objects.get(pk=fetching.source_id)
    set_scope(fetching.district, source, scope, by=PRINCIPAL)


def _kept(fetching: Fetching) -> dict[str, str]:
    folder = RunFolder(fetching.district, fetching.runs[0].pk)
    assert not folder.has(RECEIVED)
    with folder.open(INPUT) as kept, zipfile.ZipFile(io.BytesIO(kept.read())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_nothing_outside_is_imported_or_kept(fetching: Fetching) -> None:
    roster = lakeside()
    roster.row("users", "s1")["familyName"] = CANARY
    roster.row("users", "s1")["email"] = f"{CANARY}-at-nowhere"
    roster.row("users", "s0")["identifier"] = "Canary-number-7c2"
    fetching.lay(roster)
    _scope(fetching, schools=["Elm"], fields=["users.identifier"])
    fetching.rehearse()
    with within(fetching.district):
        people = User.objects.filter(district_id=fetching.district.pk)
        assert sorted(people.values_list("sourced_id", flat=True)) == ["s0", "s2", "t-elm"]
        assert set(people.values_list("identifier", flat=True)) == {None}
    kept = _kept(fetching)
    assert "Family0" in kept["users.csv"]
    assert CANARY not in "".join(kept.values())
    assert "Canary-number" not in "".join(kept.values())
    assert kept["users.csv"].count("\n") == len(roster["users"]) + 1  # records keep their numbers
    folder = RunFolder(fetching.district, fetching.runs[0].pk)
    with folder.open("findings.parquet") as found:
        assert CANARY.encode() not in found.read()


def test_a_change_of_scope_asks_a_source_that_sends_changes_for_everything(fetching: Fetching) -> None:
    fetching.lay(lakeside(60))
    fetching.rehearse()
    fetching.sync()
    assert not fetching.shelf.asked[-1][1]
    _scope(fetching, schools=["Elm"])
    fetching.sync()
    assert fetching.shelf.asked[-1] == ("", True)
    assert fetching.runs[0].state == "held"
    assert any(reason["code"] == "too-many-removals" for reason in fetching.runs[0].reasons)
