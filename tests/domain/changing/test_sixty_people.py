"""A Self-Managed district of sixty people gets an SIS with other ids: nobody loses an account, class or password."""

from pathlib import Path

import polars as pl
import pytest
from tests.conftest import new_district

from firstbell.domain.accounts.actions import set_credential
from firstbell.domain.accounts.models import Membership
from firstbell.domain.accounts.signin import authenticate_student
from firstbell.domain.audit.actor import OPERATOR, Actor
from firstbell.domain.changing.actions import change_now
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import approve_run
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import RunState
from firstbell.domain.imports.queries.takeover import find_class_takeover, find_takeover
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.letting_go import let_go
from firstbell.domain.roster.models import Class, Enrollment, Role, Source, User
from firstbell.domain.roster.sources import add_source, hold_source
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample
from firstbell.engine.tables import TABLES, Kind

pytestmark = pytest.mark.usefixtures("database")
PAULA = Actor("account", "7", "Paula Principal")


def _called_otherwise(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The same roster from a system that has ids of its own for everything."""
    return {name: table.with_columns(_renamed(name, table)) for name, table in tables.items()}


def _renamed(name: str, table: pl.DataFrame) -> list[pl.Expr]:
    own = [pl.concat_str(pl.lit("sis-"), "sourcedId").alias("sourcedId")] if "sourcedId" in table.columns else []
    one = [
        pl.concat_str(pl.lit("sis-"), column.name).alias(column.name)
        for column in TABLES[name].references
        if column.kind is Kind.REF and column.name != "sourcedId"
    ]
    several = [
        pl.col(column.name).str.replace_all(r"([^,]+)", "sis-${1}")
        for column in TABLES[name].references
        if column.kind is Kind.REFS
    ]
    return [*own, *one, *several]


def _places() -> list[tuple[object, ...]]:
    """Who is in which class as what, and the classes themselves, as products know them."""
    found = Enrollment.objects.filter(removed_at=None).values_list("class_id", "user_id", "role")
    published = Class.objects.filter(removed_at=None).values_list("sourced_id", "title", "school_id")
    return sorted([*found, *published], key=str)


def _before(tmp_path: Path, name: str) -> tuple[District, Source, dict[str, pl.DataFrame]]:
    """A district of sixty with a source, and its tables."""
    district = new_district(name)
    tables = sample(60, seed=11)
    write(tables, tmp_path / "before.zip", version="1.2")
    source = add_source(district, "Old system", by=OPERATOR)
    run = carry_out(district, receive_path(district, source, tmp_path / "before.zip", by=OPERATOR))
    assert run.state == RunState.APPLIED
    return district, source, tables


def test_from_one_automated_source_to_another_everything_keeps_its_row(tmp_path: Path) -> None:
    """Clever to ClassLink, an old SIS to a new one: the old lets go, the new is looked at, and nothing is made anew."""
    district, old, tables = _before(tmp_path, "Hilltop Charter")
    with within(district):
        before = {person.id: person.sourced_id for person in User.objects.filter(removed_at=None)}
        places = _places()
    let_go(district, old, by=OPERATOR)
    write(_called_otherwise(tables), tmp_path / "new.zip", version="1.2")
    new = add_source(district, "New system", by=OPERATOR)
    hold_source(district, new, "The first sync is a rehearsal.", by=OPERATOR)
    run = carry_out(district, receive_path(district, new, tmp_path / "new.zip", by=OPERATOR))
    coming = find_takeover(district, run)
    assert (coming.matched, coming.new, coming.only_here) == (len(before), 0, 0)
    approve_run(district, run, by=PAULA)
    assert carry_out(district, run).state == RunState.APPLIED
    with within(district):
        after = User.objects.filter(removed_at=None)
        assert {person.id: person.sourced_id for person in after} == before
        assert set(after.values_list("source_id", flat=True)) == {new.pk}
        assert _places() == places


def test_all_sixty_keep_their_account_and_password(tmp_path: Path) -> None:
    district, by_hand, tables = _before(tmp_path, "Lakeside Charter")
    let_go(district, by_hand, by=OPERATOR)
    change_now(district, "self_managed", by=OPERATOR)
    with within(district):
        people = list(User.objects.filter(removed_at=None).exclude(username=None).order_by("id"))[:60]
        places = _places()
        roles = Role.objects.filter(removed_at=None).count()
    assert len(people) == 60
    before = {}
    for number, person in enumerate(people):
        made = set_credential(district, person.id, str(person.username), f"pass{number}", by=OPERATOR)
        before[person.id] = made.account_id

    write(_called_otherwise(tables), tmp_path / "sis.zip", version="1.2")
    sis = add_source(district, "New SIS", by=OPERATOR)
    hold_source(district, sis, "The first sync is a rehearsal.", by=OPERATOR)
    run = carry_out(district, receive_path(district, sis, tmp_path / "sis.zip", by=OPERATOR))
    assert run.state == RunState.HELD
    coming = find_takeover(district, run)
    assert (coming.new, coming.only_here) == (0, 0)
    assert coming.matched == tables["users"].height
    assert all(one.agrees for one in coming.matched_people)
    classes = find_class_takeover(district, run)
    assert (classes.matched, classes.new, classes.only_here) == (tables["classes"].height, 0, 0)
    with within(district):
        assert not User.objects.exclude(source_id=None).exists()  # a rehearsal changes nothing

    approve_run(district, run, by=PAULA)
    assert carry_out(district, run).state == RunState.APPLIED
    change_now(district, "automated", by=PAULA)
    with within(district):
        now = {person.id: person for person in User.objects.filter(removed_at=None)}
        assert _places() == places  # no class, no place and no role stands doubled
        assert Role.objects.filter(removed_at=None).count() == roles
    for number, person in enumerate(people):
        account = authenticate_student(district, str(person.username), f"pass{number}", address="192.0.2.1")
        assert account is not None
        assert account.pk == before[person.id]
        assert Membership.objects.get(account=account).person_id == person.id
        assert now[person.id].sourced_id == person.sourced_id  # what products know stays for life
        assert now[person.id].source_id == sis.pk
