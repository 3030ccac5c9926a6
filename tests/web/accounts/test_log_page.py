"""The audit log as a page: who did what, the newest first, of one's own district and for who may see it."""

import ast
import re
from pathlib import Path

import pytest
from django.test import Client
from tests.web.editing.conftest import Village, administrator, stranger, village
from tests.web.rooms.conftest import signed_in

import firstbell
from firstbell.domain.assisted.models import CaseState, Verdict
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import RunState
from firstbell.web.accounts.log_views import LogLine
from firstbell.web.accounts.log_words import SAID

__all__ = ["administrator", "stranger", "village"]
pytestmark = pytest.mark.usefixtures("static_files", "database")
LOG = "members/log/"


def _done(village: Village, count: int, *, by: str = "Olga Office") -> None:
    with within(village.district):
        for number in range(count):
            record(
                village.district.pk,
                "user.edited",
                by=Actor("account", "1", by),
                subject_kind="user",
                subject_id=village.rows["STUDENT"],
                detail={"number": number, "fields": ["givenName", "<b>"]},
            )


def _numbers(lines: list[LogLine]) -> list[str]:
    return [dict(line.detail)["Number"] for line in lines]


def test_what_was_done_leads_to_whom_and_tells_its_details(village: Village, administrator: Client) -> None:
    _done(village, 1)
    page = administrator.get(village.path(LOG))
    line = page.context["lines"][0]
    assert (line.who, line.what, line.url) == ("Olga Office", "A person was changed", village.path("people/STUDENT/"))
    assert ("Fields", "givenName, <b>") in line.detail
    assert b"<b>" not in page.content
    assert village.path(LOG) in administrator.get(village.path("members/")).content.decode()


def test_pages_go_on_to_the_oldest_and_back(village: Village, administrator: Client) -> None:
    _done(village, 120)
    seen: list[str] = []
    path = village.path(f"{LOG}?q=olga")
    pages = []
    while path:
        page = administrator.get(path)
        pages.append(_numbers(page.context["lines"]))
        seen += pages[-1]
        links = page.context["links"]
        path = links.older_url if links else ""
        if len(pages) == 2:
            back = administrator.get(links.newer_url)
            assert _numbers(back.context["lines"]) == pages[0]
    assert seen == [str(number) for number in range(119, -1, -1)]


def test_it_is_searched_by_who_and_about_what(village: Village, administrator: Client) -> None:
    _done(village, 2)
    _done(village, 1, by="Rita Register")
    found = administrator.get(village.path(f"{LOG}?q=RITA&about=people")).context["lines"]
    assert [line.who for line in found] == ["Rita Register"]
    assert administrator.get(village.path(f"{LOG}?q=rita&about=cases")).context["lines"] == []
    for query in ("?before=x", "?after=99999999999999999999", "?about=nonsense", "?q=%00"):
        assert administrator.get(village.path(LOG + query)).status_code == 200


def test_it_is_the_districts_own_and_for_who_may_see_it(village: Village, stranger: Client) -> None:
    assert stranger.get(village.path(LOG)).status_code == 404
    for who in ("principal", "registrar", "teacher", "student"):
        assert signed_in(village.accounts[who]).get(village.path(LOG)).status_code == 403, who


def test_how_long_those_who_left_are_kept_is_a_rule(village: Village, administrator: Client) -> None:
    path = village.path("members/rules/")
    form = administrator.get(path).context["form"]
    said = {bound.name: bound.value() for bound in form if bound.name != "second_factor"}
    assert said["retention_days"] == 90
    assert administrator.post(path, {**said, "retention_days": 5}).status_code == 422
    assert administrator.post(path, {**said, "retention_days": 200}).status_code == 302
    village.district.refresh_from_db()
    assert village.district.retention_days == 200
    line = administrator.get(village.path(f"{LOG}?about=district")).context["lines"]
    assert [dict(one.detail) for one in line if "are kept" in one.what] == [{"Days": "200", "Was": "90"}]


def _verbs() -> set[str]:
    """Every verb that the domain writes down: words with a dot, in what is called to write something down."""
    found: set[str] = set()
    writes = re.compile(r"(_?record|_?note|_?hand_on|act|_?put|_?follow)")
    for path in (Path(firstbell.__file__).parent / "domain").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call):
                name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
                texts = (
                    [arg.value for arg in call.args if isinstance(arg, ast.Constant)] if writes.fullmatch(name) else []
                )
                found |= {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}
    return found


OF_THE_INSTALLATION = ("prospect.", "prospects.", "reply.", "space.", "product.")
"""No district reads of these."""


def test_every_verb_is_said_as_people_say_it() -> None:
    verbs = {verb for verb in _verbs() if not verb.startswith(OF_THE_INSTALLATION)}
    assert len(verbs) > 90, "the search finds them"
    verbs |= {f"run.{state.value}" for state in RunState} | {f"case.{state.value}" for state in CaseState}
    verbs |= {f"case.accounts_{verdict.value}" for verdict in Verdict}
    assert sorted(verbs - SAID.keys()) == []
