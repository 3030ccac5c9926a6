"""A district that leaves: its data in its hands, nothing of it left here, and nobody else's touched."""

import hashlib
import json
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.idp.oidc.models import Client
from click.testing import CliRunner
from django.core.files.storage import default_storage
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django import Settings
from tests.api.oneroster.conftest import import_sample, product_of
from tests.domain.sources.test_canaries import _rows_of_the_database, _stands_in
from tests.web.rooms.conftest import member

from firstbell.cli.main import main
from firstbell.connectors.catalogue import KINDS
from firstbell.connectors.drop import TAKEN, TAKING
from firstbell.domain.accounts.actions import give_membership
from firstbell.domain.accounts.models import Account
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.models import Event
from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import files_of
from firstbell.domain.launch.actions import Way, let_open
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.sharing import departing
from firstbell.domain.sources.actions import add_connection
from firstbell.domain.sources.bringing import Bringer, watched_drop
from firstbell.domain.sources.dropping import Keeper, drop_of, drops_folder
from firstbell.domain.sources.fetching import fetching_folder
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect

WITH_DISTRICT = """
select table_name from information_schema.columns where column_name = 'district_id' and table_schema = 'public'
"""


def rows_of(owner: BaseDatabaseWrapper, district: District) -> dict[str, int]:
    """How many rows of a district each table has, behind every wall."""
    found = {}
    with owner.cursor() as cursor:
        cursor.execute(WITH_DISTRICT)
        for (table,) in cursor.fetchall():
            cursor.execute(f'select count(*) from "{table}" where district_id = %s', [district.pk])
            found[table] = cursor.fetchone()[0]
    return {table: count for table, count in found.items() if count}


@pytest.fixture
def nothing_left(database: None) -> Iterator[None]:
    """What lies in drops afterwards would be taken by whoever looks next."""
    yield
    for folder in (drops_folder(), fetching_folder()):
        shutil.rmtree(folder, ignore_errors=True)


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["depart", *words], catch_exceptions=False)
    return done.exit_code, done.output


def test_a_district_leaves_and_nothing_of_it_stays(
    district: District, other_district: District, owner: BaseDatabaseWrapper, tmp_path: Path
) -> None:
    for one in (district, other_district):
        import_sample(one, tmp_path, students=20)
        product_of(one).read("users")
    only_here = member(district, "administrator", "district_administrator")
    both = member(district, "both", "principal")
    give_membership(other_district, both, "principal", by=OPERATOR)
    names, others = list(files_of(district)), rows_of(owner, other_district)
    assert names
    assert {"audit_event", "sharing_disclosure", "roster_user"} <= set(rows_of(owner, district))
    out = tmp_path / "out"
    code, said = run(district.code, "--out", str(out), "--destroy", district.code)
    assert (code, "Ask the maker of Reading Hour" in said) == (0, True)
    assert rows_of(owner, district) == {}
    assert not District.objects.filter(pk=district.pk).exists()
    assert not any(default_storage.exists(name) for name in names)
    assert not Account.objects.filter(pk=only_here.pk).exists()
    assert Account.objects.filter(pk=both.pk).exists()
    assert rows_of(owner, other_district) == others
    certificate = json.loads((out / "certificate.json").read_text())
    assert certificate["rows"]["roster_user"] > 20
    for name, digest in certificate["handed_over"].items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert set(certificate["handed_over"]) == {"roster.zip", "disclosures.csv", "audit.csv"}
    _, checked = inspect(open_package(out / "roster.zip"))
    assert checked.tables["users"].height > 20
    assert "Reading Hour" in (out / "disclosures.csv").read_text()
    assert Event.objects.filter(district_id=None, verb="district.destroyed", subject_id=str(district.pk)).exists()


@pytest.mark.usefixtures("nothing_left")
def test_no_byte_of_it_lies_anywhere_on_the_machine(
    district: District, other_district: District, tmp_path: Path, settings: Settings
) -> None:
    settings.FIRSTBELL_WATCHED = tmp_path / "watched"
    canary, neighbour = f"Canary{uuid.uuid4().hex}", f"Neighbour{uuid.uuid4().hex}"
    lies = {one.pk: _bring_everywhere(one, name) for one, name in ((district, canary), (other_district, neighbour))}
    school = add_org(district, {"name": canary, "type": "school"}, by=BY)
    add_person(
        district, {"givenName": "Ana", "familyName": canary}, [{"role": "student", "orgSourcedId": str(school)}], by=BY
    )
    assert canary in _rows_of_the_database()
    assert run(district.code, "--out", str(tmp_path / "out"), "--destroy", district.code)[0] == 0
    assert not any(path.exists() for path in lies[district.pk])
    assert all(path.read_text() == neighbour for path in lies[other_district.pk])
    database = _rows_of_the_database()
    assert neighbour not in database
    assert _stands_in(canary, database, settings.FIRSTBELL_HOME) == []
    assert _stands_in(canary, database, settings.FIRSTBELL_WATCHED) == []
    named = [path for path in settings.FIRSTBELL_HOME.rglob(f"{district.code}*") if "postgres" not in path.parts]
    assert named == []
    assert json.loads((tmp_path / "out" / "certificate.json").read_text())["files"] == len(lies[district.pk])


@pytest.mark.usefixtures("nothing_left")
def test_drops_on_the_machine_of_the_sftp_server_go_with_its_next_look(
    district: District, other_district: District, tmp_path: Path
) -> None:
    mine, theirs = (_bring_everywhere(one, "roster")[:2] for one in (district, other_district))
    elsewhere = [(path, path.read_text()) for path in mine]
    assert run(district.code, "--out", str(tmp_path / "out"), "--destroy", district.code)[0] == 0
    for path, text in elsewhere:  # as they still lie on another machine
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    unknown = drops_folder() / f"{uuid.uuid4().hex}-7" / "users.csv"
    unknown.parent.mkdir(parents=True)
    unknown.write_text("whoever")
    for name in (path.parent.name.partition(".")[0] for path in (mine[0], unknown)):
        Keeper()._take(name)  # of the whole look those names that are this test's
    assert not any(path.exists() for path in mine)
    assert all(path.exists() for path in (*theirs, unknown))


def _bring_everywhere(district: District, text: str) -> list[Path]:
    """Files on their way in: in a drop and taken from it, in a watched folder, and half fetched."""
    drop = add_connection(district, "Drop", KINDS["sftp_drop"], {}, by=OPERATOR)
    watched = add_connection(district, "Watched", KINDS["watched_folder"], {}, by=OPERATOR)
    here = drop_of(Bringer(district, drop))
    paths = [here.folder / "users.csv", here.aside / f"{here.name}.1{TAKEN}" / "users.csv"]
    if (watched_here := watched_drop(district, watched)) is not None:
        paths.append(watched_here.folder / "users.csv")
        paths.append(watched_here.aside / f"{watched_here.name}.1{TAKING}" / "users.csv")
    paths.append(fetching_folder() / f"{district.pk}-1" / "users.json")
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return paths


@pytest.mark.parametrize("words", [(), ("--destroy", "another")])
def test_it_is_said_twice_or_nothing_happens(district: District, tmp_path: Path, words: tuple[str, ...]) -> None:
    code, said = run(district.code, "--out", str(tmp_path / "out"), *words)
    assert (code, f"--destroy {district.code}" in said) == (2, True)
    assert District.objects.filter(pk=district.pk).exists()


def test_a_folder_that_is_not_empty_is_left_alone(district: District, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    code, said = run(district.code, "--out", str(tmp_path), "--destroy", district.code)
    assert (code, "not empty" in said) == (2, True)
    assert District.objects.filter(pk=district.pk).exists()


def test_who_dies_half_way_goes_on_and_loses_neither_data_nor_the_certificate(
    district: District, owner: BaseDatabaseWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_sample(district, tmp_path, students=5)
    way = Way("https://reading.example/", ["https://reading.example/back"])
    let_open(product_of(district).client.client, way, by=OPERATOR)
    names, out, died = list(files_of(district)), tmp_path / "out", tmp_path / "died"
    clients = Client.objects.count()
    words = (district.code, "--out", str(out), "--destroy", district.code)

    def dies(*_: object) -> dict[str, int]:
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(departing, "files_of", dies)
        CliRunner().invoke(main, ["depart", *words])
    assert District.objects.filter(pk=district.pk).exists()
    code, said = run(district.code, "--out", str(out), "--go-on")
    assert (code, "stopped half way" in said) == (2, True)
    shutil.rmtree(out)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(departing, "_destroy_logs", dies)
        CliRunner().invoke(main, ["depart", *words])
    assert not District.objects.filter(pk=district.pk).exists()
    assert Client.objects.count() == clients - 1
    assert {"audit_event"} <= set(rows_of(owner, district))
    shutil.copytree(out, died)
    assert run(district.code, "--out", str(out), "--go-on")[0] == 0
    assert rows_of(owner, district) == {}
    assert not any(default_storage.exists(name) for name in names)
    certificate = json.loads((out / "certificate.json").read_text())
    assert certificate["rows"]["audit_event"] > 0
    assert certificate["rows"]["roster_user"] > 5
    assert not (out / "unfinished.json").exists()
    assert run(district.code, "--out", str(out), "--go-on")[0] == 2
    assert run(district.code, "--out", str(died), "--go-on")[0] == 0  # who died just before the end
