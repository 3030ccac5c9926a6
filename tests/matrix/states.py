"""Pages in the states in which they offer something else: what was removed, what waits, what was asked.

Every door with a GET is a page as it is for the thing that `doors` fills in. Here stands what that does not show: an
address, what is in it (made once for a world), and a query.
"""

import io
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl
from django.urls import reverse
from django.utils import timezone
from tests.matrix import by_hand
from tests.matrix.doors import DOORS
from tests.matrix.routes import ROUTES, filled
from tests.matrix.world import World

from firstbell.domain.accounts.viewer import view_as_operator
from firstbell.domain.advice.asking import Asked, ask
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.lists import receive_lists
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import add_source, hold_source
from firstbell.domain.signon.actions import switch_on
from firstbell.domain.signon.deciding import AnotherLogIn
from firstbell.domain.signon.entering import note_refused
from firstbell.domain.signon.queries import find_connection
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

type Parts = Mapping[str, object]


@dataclass(frozen=True)
class State:
    """One page in one state."""

    door: str
    says: str
    made: Callable[[World], Parts] = lambda _: {}
    query: str = ""


def new_request(world: World) -> Parts:
    """Somebody asked the district's contact."""
    district = world.house.district
    asked = Asked("Who answers?", "", "")
    ask(district, asked, AdviceSettings(), now=timezone.now(), by=view_as_operator(district))
    return {}


def invited(world: World) -> Parts:
    """Somebody was invited and has not come yet."""
    world.new_invitation()
    return {}


def held_source(world: World) -> Parts:
    """A source of which every run waits."""
    source = add_source(world.house.district, "Directory", by=OPERATOR)
    hold_source(world.house.district, source, "The export was broken on Friday.", by=OPERATOR)
    return {"source_id": source.pk}


def applied_run(world: World) -> Parts:
    """The run that brought the roster, which can be undone."""
    with within(world.house.district):
        return {"run_id": Run.objects.filter(state=RunState.APPLIED, source__kind="upload").earliest("id").pk}


def held_run(world: World) -> Parts:
    """A file without half of the students, which waits for a person."""
    district, tables = world.house.district, sample(300, seed=7)
    students = tables["roles"].filter(pl.col("role") == "student")["userSourcedId"].sort()
    lost = students.head(students.len() // 2).implode()
    for name in ("users", "demographics"):
        tables[name] = tables[name].filter(~pl.col("sourcedId").is_in(lost))
    for name in ("roles", "enrollments"):
        tables[name] = tables[name].filter(~pl.col("userSourcedId").is_in(lost))
    with tempfile.TemporaryDirectory() as folder:
        write(tables, Path(folder) / "half.zip", version="1.2")
        with within(district):
            source = Source.objects.get(pk=world.source_id)
        run = carry_out(district, receive_path(district, source, Path(folder) / "half.zip", by=OPERATOR))
    assert run.state == RunState.HELD, run.message
    return {"run_id": run.pk}


def waiting_list(world: World) -> Parts:
    """A list with a good row and two bad ones, which somebody can start."""
    return _list(world, "First name,Last name,Schools\nAl,Day,Elm\nAl,Day,Elm\nBo,Lee,Elm\n")


def strange_list(world: World) -> Parts:
    """A list with columns that nobody knows yet."""
    return _list(world, "Forename,Surname,Pupil no,School\nAna,Lopez,0012,Elm\n")


def _list(world: World, text: str) -> Parts:
    district = world.house.district
    file: tuple[str, BinaryIO] = ("Students.csv", io.BytesIO(text.encode()))
    return {"run_id": carry_out(district, receive_lists(district, [file], by=OPERATOR)).pk}


def refused_sign_in(world: World) -> Parts:
    """A connection that is on, by which somebody came who is another's by now."""
    district, now = world.house.district, timezone.now()
    parts = by_hand.new_sign_on(world.house)
    connection = find_connection(district, parts["connection_id"])
    assert connection is not None
    switch_on(district, connection, by=OPERATOR)
    refusal = AnotherLogIn("It was another’s.", "Look.", value="4711", person_id=world.house.person_ids["student"])
    refusal.another_subject = "s-1"
    note_refused(district, connection, refusal, now=now)
    return parts


def _house(make: Callable[..., by_hand.Ids]) -> Callable[[World], Parts]:
    return lambda world: make(world.house)


STATES = (
    State("web:people", "removed people", _house(by_hand.removed_student), "state=removed"),
    State("web:people", "nobody found", query="q=zzzz"),
    State("web:person", "who was removed", _house(by_hand.removed_student)),
    State("web:person", "kept by the district", _house(by_hand.new_student)),
    State("web:class", "removed", _house(by_hand.removed_class)),
    State("web:class", "kept by the district, without a teacher", _house(by_hand.new_class)),
    State("web:schools", "removed schools", _house(by_hand.removed_school), "state=removed"),
    State("web:terms", "removed terms", _house(by_hand.removed_term), "state=removed"),
    State("web:run", "applied", applied_run),
    State("web:run", "held", held_run),
    State("web:source", "held", held_source),
    State("web:list", "to be started", waiting_list),
    State("web:list", "with columns that nobody knows", strange_list),
    State("web:members", "with an invitation", invited),
    State("web:contact", "with a request", new_request),
    State("web:program_launch", "opened already", _house(by_hand.opened_program)),
    State("web:sign_on_add", "any provider", query="preset=openid"),
    State("web:sign_on_show", "on, with a refused sign-in", refused_sign_in),
    State("web:sign_on_log", "with a refused sign-in", refused_sign_in),
)
_made: dict[tuple[int, str, str], Parts] = {}


def pages(world: World) -> list[tuple[str, str, str]]:
    """Every page with a GET: the door's name, what it shows, and its address. What it is about is made once."""
    found = [
        (name, "", reverse(name, kwargs=filled(world, name))) for name, door in DOORS.items() if "GET" in door.methods
    ]
    return found + [(state.door, state.says, address_of(world, state)) for state in STATES]


def address_of(world: World, state: State) -> str:
    """Where the state is looked at."""
    key = (world.house.district.pk, state.door, state.says)
    if key not in _made:
        _made[key] = state.made(world)
    parts = {each: _made[key].get(each) or world.parameter(each) for each in ROUTES[state.door].parameters}
    return reverse(state.door, kwargs=parts) + (f"?{state.query}" if state.query else "")
