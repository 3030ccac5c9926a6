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
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.actions import approve_run
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import RunState
from firstbell.domain.imports.queries.takeover import find_takeover
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.letting_go import let_go
from firstbell.domain.roster.models import Enrollment, User
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


def test_all_sixty_keep_their_account_and_password(tmp_path: Path) -> None:
    district = new_district("Lakeside Charter")
    tables = sample(60, seed=11)
    write(tables, tmp_path / "by-hand.zip", version="1.2")
    by_hand = add_source(district, "Lists", by=OPERATOR)
    assert (
        carry_out(district, receive_path(district, by_hand, tmp_path / "by-hand.zip", by=OPERATOR)).state == "applied"
    )
    let_go(district, by_hand, by=OPERATOR)
    change_now(district, "self_managed", by=OPERATOR)
    with within(district):
        people = list(User.objects.filter(removed_at=None).exclude(username=None).order_by("id"))[:60]
        places = set(Enrollment.objects.filter(removed_at=None).values_list("class_id", "user_id"))
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
    with within(district):
        assert not User.objects.exclude(source_id=None).exists()  # a rehearsal changes nothing

    approve_run(district, run, by=PAULA)
    assert carry_out(district, run).state == RunState.APPLIED
    change_now(district, "automated", by=PAULA)
    with within(district):
        now = {person.id: person for person in User.objects.filter(removed_at=None)}
        assert set(Enrollment.objects.filter(removed_at=None).values_list("class_id", "user_id")) >= places
    for number, person in enumerate(people):
        account = authenticate_student(district, str(person.username), f"pass{number}", address="192.0.2.1")
        assert account is not None
        assert account.pk == before[person.id]
        assert Membership.objects.get(account=account).person_id == person.id
        assert now[person.id].sourced_id == person.sourced_id  # what products know stays for life
        assert now[person.id].source_id == sis.pk
