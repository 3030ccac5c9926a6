"""The parts of the design system, without a browser."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

import firstbell.web
from firstbell.domain.imports.models import RunState
from firstbell.web.components.shapes import Counts, FindingNote
from firstbell.web.components.states import RUN_STATES, words_for
from firstbell.web.components.tones import NOTICE_ICONS, SEVERITIES, TONE_ICONS
from firstbell.web.design.forms import faulty
from firstbell.web.fonts import FONTS
from firstbell.web.templatetags import rostering, ui
from firstbell.web.templatetags.ui import duration, when

WEB = Path(firstbell.web.__path__[0])
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
STATIC = WEB / "static" / "firstbell"


pytestmark = pytest.mark.usefixtures("static_files")


def shown(template: str, **context: object) -> str:
    return Template("{% load ui rostering %}" + template).render(Context(context))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_gallery_shows_every_component() -> None:
    rendered = {template.name for template in Client().get("/design/").templates}
    components = {path.relative_to(WEB / "templates").as_posix() for path in (WEB / "templates/components").glob("*")}
    assert components - rendered == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_carries_style_or_script_of_its_own(path: Path) -> None:
    html = path.read_text()
    assert not re.search(
        r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)|https?://(?!www\.w3\.org)", html
    )


def test_every_icon_that_is_named_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text()))
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([a-z]+)"', path.read_text())}
    told = {*TONE_ICONS.values(), *NOTICE_ICONS.values(), *(sign for _, _, sign in SEVERITIES.values())}
    assert named | told <= drawn


def test_every_font_comes_from_a_package() -> None:
    named = re.findall(r'url\("fonts/([^"]+)"\)', (STATIC / "tokens.css").read_text())
    assert sorted(named) == sorted(FONTS)
    assert all(finders.find(f"firstbell/fonts/{name}") for name in named)


def test_every_colour_and_space_that_is_used_is_a_token() -> None:
    sheets = [path.read_text() for path in STATIC.glob("*.css")]
    defined = {name for sheet in sheets for name in re.findall(r"(--[a-z0-9-]+):", sheet)}
    used = {name for sheet in sheets for name in re.findall(r"var\((--[a-z0-9-]+)", sheet)}
    assert used == used & defined
    assert not re.search(r"(margin|padding|border)-(left|right)|text-align: (left|right)", "".join(sheets))


def test_a_field_says_its_help_and_its_error_to_a_screen_reader() -> None:
    html = shown("{% field form.name %}", form=faulty())
    described = re.search(r'<input[^>]* aria-describedby="([^"]+)"', html)
    assert described is not None
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert 'aria-invalid="true"' in html


def test_a_form_with_faults_leads_to_each_of_them() -> None:
    html = shown("{% form_errors form %}{% for bound in form %}{% field bound %}{% endfor %}", form=faulty())
    targets = re.findall(r'href="#([^"]+)"', html)
    assert len(targets) == 5
    assert [target for target in targets if f'id="{target}"' not in html] == []


def test_a_finding_says_what_where_and_what_to_do_in_that_order() -> None:
    note = FindingNote("x.y", "error", "This is wrong.", "Do that.", "users.csv", 1812, "grades", "<b>7th</b>", "S-1")
    said = words(shown("{% finding note %}", note=note))
    assert "This is wrong. Where users.csv, record 1,812, column grades" in said
    assert said.endswith("What to do Do that.")
    assert "&lt;b&gt;7th&lt;/b&gt;" in said


def test_counts_are_signs_for_the_eye_and_words_for_the_ear() -> None:
    html = shown("{% counts counts %}", counts=Counts(1200, 0, 3))
    assert words(html) == "+1,200 1,200 added −3 3 removed"
    assert words(shown("{% counts counts %}", counts={"added": 0})) == "No changes"


def test_a_question_carries_the_token_and_escapes_what_it_names() -> None:
    template = '{% confirm "drop" label title="Sure?" action="/x/" tone="danger" %}{{ name }}{% endconfirm %}'
    html = shown(template, label="<i>Drop</i>", name="<script>", csrf_token="token-1")
    assert 'value="token-1"' in html
    assert "<script>" not in html
    assert "<i>" not in html


@pytest.mark.parametrize(
    ("seconds", "said"), [(None, ""), (0.04, "0.0 s"), (9.96, "10.0 s"), (42.4, "42 s"), (185, "3 min 5 s")]
)
def test_durations_are_said_as_a_person_would(seconds: float | None, said: str) -> None:
    assert duration(seconds) == said


def test_moments_are_said_in_the_time_zone_of_the_district(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    with timezone.override("America/Chicago"):
        assert words(when(now)) == "today, 12:30 am"
        assert words(when(now - timedelta(hours=1))) == "yesterday, 11:30 pm"
        assert words(when(now - timedelta(days=20))) == "Nov 3, 12:30 am"
        assert words(when(now - timedelta(days=400))) == "Oct 19, 2025, 1:30 am"
    assert words(when(date(2026, 8, 3))) == "Aug 3, 2026"
    assert when(None) == "–"


def test_every_state_of_a_run_has_words_and_somebody_with_the_next_step() -> None:
    assert set(RUN_STATES) == set(RunState)
    assert all(said.next_step for said in RUN_STATES.values())


def test_a_state_without_words_is_shown_by_its_own_name() -> None:
    assert words_for("on_the_moon").label == "On the moon"


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_an_error_page_needs_nothing_from_a_request(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert html.count("<h1>") == 1
    assert "support" not in html


def test_the_door_of_a_district_names_it_and_offers_staff_theirs() -> None:
    named = {"district": {"name": "Ünal & Söhne Charter"}, "by_email_url": "/account/login/"}
    html = render_to_string("signin/student.html", {**named, "form": faulty()})
    assert "Ünal &amp; Söhne Charter" in html
    assert 'href="/account/login/"' in html


def test_someone_with_several_memberships_is_asked_which() -> None:
    memberships = [{"id": 7, "district_name": "Lakeside Unified", "role": "Principal"}]
    html = render_to_string("signin/memberships.html", {"memberships": memberships})
    assert 'name="membership" value="7"' in html
    assert "Lakeside Unified Principal" in words(html)
    assert "You do not belong to a district yet" in words(render_to_string("signin/memberships.html", {}))


def test_every_part_stands_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs/design.md").read_text()
    tags = [name for library in (ui, rostering) for name in library.register.tags if not name.startswith("end")]
    filters = [name for library in (ui, rostering) for name in library.register.filters]
    assert len(tags) > 20
    assert [name for name in tags if f"{{% {name} " not in page] == []
    assert [name for name in filters if f"|{name} }}}}" not in page.replace("\\|", "|") and name != "tone"] == []
