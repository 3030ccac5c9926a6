"""What a run found, a run that failed, and one that waits, in a real browser: by day and by night, on any screen."""

from collections.abc import Callable

import polars as pl
import pytest
from playwright.sync_api import Page, expect
from tests.web.accessibility import violations, wrong_in_any_look
from tests.web.conftest import OpenPage
from tests.web.rooms.conftest import signed_in
from tests.web.runs.conftest import Office

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.imports.states import move
from firstbell.domain.roster.sources import add_source
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

pytestmark = pytest.mark.browser

type Enter = Callable[..., Page]


@pytest.fixture
def enter(office: Office, open_page: OpenPage, site: str) -> Enter:
    """Opens a page of the office as its administrator."""

    def enter_at(path: str, *, width: int = 1280, dark: bool = False) -> Page:
        page = open_page("/static/firstbell/mark.svg", width=width, dark=dark)
        session = signed_in(office.accounts["administrator"]).cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page.goto(office.path(path))
        return page

    return enter_at


def _ensure_sound(enter: Enter, path: str) -> None:
    """axe finds nothing (contrast included), and nothing scrolls sideways, in every look."""
    page = enter(path)
    assert list(wrong_in_any_look(page)) == []
    page.close()


@pytest.fixture
def faulty(office: Office) -> Run:
    """A run of a roster with errors and warnings."""
    tables = sample(60, seed=3)
    place = pl.int_range(pl.len())
    tables["users"] = tables["users"].with_columns(
        givenName=pl.when(place == 30).then(None).otherwise("givenName"),
        email=pl.when(place % 9 == 4).then(pl.lit("front desk")).otherwise("email"),
    )
    write(tables, office.roster, version="1.2")
    source = add_source(office.district, "SIS", by=OPERATOR)
    return carry_out(office.district, receive_path(office.district, source, office.roster, by=OPERATOR))


def test_findings_are_accessible_in_every_look(office: Office, faulty: Run, enter: Enter) -> None:
    assert faulty.found["error"]
    assert faulty.found["warning"]
    for path in ("", "findings/", "findings/?code=email-malformed", "findings/?code=nothing-like-it"):
        _ensure_sound(enter, f"runs/{faulty.pk}/{path}")


@pytest.fixture
def failed(office: Office) -> Run:
    """A run that a fault of ours has stopped."""
    source = add_source(office.district, "SIS", by=OPERATOR)
    run = receive_path(office.district, source, office.roster, by=OPERATOR)
    with within(office.district):
        run.message = "The run was stopped by a fault of Firstbell. The roster is as it was; try again."
        for state in (RunState.WORKING, RunState.FAILED):
            move(run, state, by=OPERATOR)
    return run


def test_a_failed_run_offers_two_ways_on_in_every_look(
    office: Office, failed: Run, enter: Enter, work: Callable[[], None]
) -> None:
    _ensure_sound(enter, f"runs/{failed.pk}/")
    page = enter(f"runs/{failed.pk}/", width=320, dark=True)
    expect(page.get_by_role("button", name="Discard this run").first).to_be_visible()
    page.get_by_role("button", name="Try again").first.click()
    assert violations(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Firstbell tries run")).to_be_visible()
    work()
    page.goto(office.path(f"runs/{failed.pk}/"))
    expect(page.get_by_text("Applied").first).to_be_visible()


@pytest.fixture
def held(office: Office) -> Run:
    """A run that waits, with a part that could go before."""
    source = add_source(office.district, "SIS", by=OPERATOR, settings={"safe_part_goes": False})
    for package in (office.roster, office.broken_and_new):
        run = carry_out(office.district, receive_path(office.district, source, package, by=OPERATOR))
    assert run.has_safe_part
    return run


def test_a_held_run_and_its_source_are_accessible_in_every_look(office: Office, held: Run, enter: Enter) -> None:
    for path in ("runs/", f"runs/{held.pk}/", f"runs/{held.pk}/changes/users/", f"sources/{held.source_id}/"):
        _ensure_sound(enter, path)
