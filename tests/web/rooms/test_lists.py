"""Looking for people and classes: search, filters with counts, pieces in both directions, and few questions."""

import re
import unicodedata

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.rooms.conftest import House, signed_in

from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Class, Role, SearchWord, User

pytestmark = pytest.mark.usefixtures("static_files", "database")

QUESTIONS = {
    "": 34,
    "ready/": 21,
    "guides/": 26,
    "guides/first-roster/": 25,
    "school-year/": 14,
    "people/": 22,
    "people/?lack=card": 22,
    "people/?q=a&role=student": 24,
    "people/?sort=email&grade=07&cols=email": 22,
    "people/PERSON/": 24,
    "people/PERSON/history/": 62,
    "people/PERSON/field/email/": 36,
    "people/PERSON/demographics/": 26,
    "classes/": 24,
    "classes/?q=alg": 28,
    "classes/?sort=code&grade=07&cols=code,grade": 24,
    "classes/?lack=teacher": 19,
    "classes/CLASS/": 22,
    "classes/CLASS/history/": 44,
    "classes/CLASS/field/title/": 33,
    "schools/": 14,
    "terms/": 14,
}
"""Questions to the database for each page: the same for one row and for fifty."""
WHEN_TYPED = {"people/?q=a": 14, "classes/?q=a": 17}


@pytest.fixture
def client(house: House) -> Client:
    return signed_in(house.accounts["administrator"])


def _names(client: Client, path: str) -> list[str]:
    return [person.name for person in client.get(path).context["people"]]


def _walk(client: Client, path: str, direction: str, rows: str = "people") -> list[list[str]]:
    """Every piece of a list, following its links."""
    pieces = []
    while path:
        context = client.get(path).context
        pieces.append([row.url for row in context[rows]])
        path = getattr(context["links"], direction)
    return pieces


def test_people_come_in_pieces_that_meet_without_gap_or_repeat(house: House, client: Client) -> None:
    forwards = _walk(client, house.path("people/"), "older_url")
    everyone = [url for piece in forwards for url in piece]
    with within(house.district):
        live = User.objects.filter(removed_at=None).count()
    assert len(everyone) == len(set(everyone)) == live
    last_but_one = f"{house.path('people/')}?before={forwards[-1][0].rstrip('/').rsplit('/', 1)[1]}"
    backwards = _walk(client, last_but_one, "newer_url")
    assert [url for piece in reversed(backwards) for url in piece] == everyone[: -len(forwards[-1])]


def test_the_last_piece_is_read_from_behind_and_leads_back(house: House, client: Client) -> None:
    forwards = _walk(client, house.path("people/"), "older_url")
    last = client.get(client.get(house.path("people/")).context["links"].oldest_url)
    shown = [row.url for row in last.context["people"]]
    everyone = [url for piece in forwards for url in piece]
    assert shown == everyone[-len(shown) :]
    assert len(shown) == len(forwards[0])
    links = last.context["links"]
    assert (links.older_url, links.oldest_url, links.newest_url) == ("", "", house.path("people/"))
    backwards = _walk(client, links.newer_url, "newer_url")
    assert [url for piece in reversed(backwards) for url in piece] == everyone[: -len(shown)]


def test_people_are_sorted_by_family_name_without_case_and_accents(house: House, client: Client) -> None:
    names = _names(client, house.path("people/"))
    plain = [unicodedata.normalize("NFKD", name.split(",")[0]).encode("ascii", "ignore").lower() for name in names]
    assert plain == sorted(plain)
    assert names != sorted(names)


def test_search_finds_by_the_beginnings_of_names_and_ids_whatever_case_and_accent(house: House, client: Client) -> None:
    student = house.student_of("principal")
    with within(house.district):
        person = User.objects.get(id=student)
        before = (person.family_name, person.given_name)
        User.objects.filter(id=student).update(
            family_name="Łopez-Hernández y O’Connor", given_name="María José", preferred_given_name="Majo"
        )
    try:
        path = house.path("people/")
        for words in (
            "łopez-hernandez",
            "MARIA",
            "maria josé łop",
            "Łopez, Maria",
            "hernández",
            "CONNOR maria",
            "jose y",
            "majo",
            person.username,
            person.identifier,
            person.email or person.username,
        ):
            found = any(row.line.id == student for row in client.get(path, {"q": words or ""}).context["people"])
            assert found, words
        assert client.get(path, {"q": "%"}).context["people"] == []
        assert client.get(path, {"q": "\0 _"}).context["people"] == []
        nobody = client.get(path, {"q": "ernandez"}).context["people"]
        assert student not in {row.line.id for row in nobody}, "within a word nothing is found"
    finally:
        with within(house.district):
            User.objects.filter(id=student).update(
                family_name=before[0], given_name=before[1], preferred_given_name=None
            )
            assert not SearchWord.objects.filter(row_id=student).exists()


def test_filters_count_the_people_that_they_leave(house: House, client: Client) -> None:
    school = house.schools["principal"]
    page = client.get(house.path(f"people/?school={school}&role=student"))
    with within(house.district):
        students = Role.objects.filter(org_id=school, role="student", removed_at=None).values("user_id").distinct()
        count = students.count()
    assert page.context["total"] == f"{count} people"
    choices = dict(page.context["form"].fields["school"].choices)
    assert choices[str(school)].endswith(f"({count:,})")
    assert dict(page.context["form"].fields["role"].choices)["student"].endswith(f"({count:,})")


@pytest.mark.parametrize(
    "query", ["?school=x&after=-1", "?after=99999999999999999999999", "?role=%00", "?state=?", "?q="]
)
def test_an_address_that_makes_no_sense_shows_a_list_all_the_same(house: House, client: Client, query: str) -> None:
    for room in ("people/", "classes/"):
        assert client.get(house.path(room + query)).status_code == 200


def test_who_was_removed_is_found_among_the_removed_with_the_roles_they_had(house: House, client: Client) -> None:
    student = house.student_of("other principal")
    with within(house.district):
        rows = [User.objects.filter(id=student), Role.objects.filter(user_id=student, removed_at=None)]
        role_ids = list(rows[1].values_list("id", flat=True))
        for kind in rows:
            kind.update(removed_at="2026-11-01T08:00:00Z")
    try:
        principal = signed_in(house.accounts["other principal"])
        for viewer in (client, principal):
            page = viewer.get(house.path("people/?state=removed"))
            removed = {row.line.id: row.role for row in page.context["people"]}
            assert removed[student] == "Student"
            assert house.student_of("principal") not in removed
            assert "Not on the roster any more" in viewer.get(house.path(f"people/{student}/")).content.decode()
        assert signed_in(house.accounts["principal"]).get(house.path(f"people/{student}/")).status_code == 404
        assert student not in {row.line.id for row in client.get(house.path("people/")).context["people"]}
    finally:
        with within(house.district):
            User.objects.filter(id=student).update(removed_at=None)
            Role.objects.filter(id__in=role_ids).update(removed_at=None)


def test_classes_are_found_by_title_code_and_teacher_and_filtered_by_term(house: House, client: Client) -> None:
    path = house.path("classes/")
    first = client.get(path).context["classes"][0]
    with within(house.district):
        row = Class.objects.get(id=int(first.url.rstrip("/").rsplit("/", 1)[1]))
        term = (row.term_ids or [0])[0]
    for words in (first.title.lower(), row.class_code, first.teachers.split(", ")[0].split()[-1]):
        assert first.url in {found.url for found in client.get(path, {"q": words or ""}).context["classes"]}, words
    in_term = client.get(path, {"term": term})
    with within(house.district):
        assert in_term.context["total"].startswith(f"{Class.objects.filter(term_ids__contains=[term]).count():,} ")
    pieces = _walk(client, path, "older_url", "classes")
    assert len({url for piece in pieces for url in piece}) == sum(map(len, pieces))


def test_typing_brings_the_rows_and_choosing_brings_the_counts_too(house: House, client: Client) -> None:
    path = house.path("people/")
    typed = client.get(path, {"q": "a"}, headers={"HX-Request": "true", "HX-Trigger": "id_q"})
    assert "<select" not in typed.content.decode()
    assert typed["HX-Replace-Url"] == f"{path}?q=a"
    chosen = client.get(path, {"role": "teacher"}, headers={"HX-Request": "true", "HX-Trigger": "id_role"})
    assert re.findall(r'<select[^>]*hx-swap-oob="true"[^>]*>', chosen.content.decode())
    again = client.get(path, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<!doctype html>" in again.content.decode()


def _questions(client: Client, path: str, headers: dict[str, str] | None = None) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path, headers=headers or {}).status_code == 200
    return len(asked)


@pytest.mark.parametrize("page", QUESTIONS)
def test_a_page_asks_the_database_no_more_than_it_did(house: House, client: Client, page: str) -> None:
    path = page.replace("PERSON", str(house.person_ids["student"])).replace("CLASS", str(house.class_of("principal")))
    assert _questions(client, house.path(path)) == QUESTIONS[page]


@pytest.mark.parametrize("page", WHEN_TYPED)
def test_typing_asks_the_database_little(house: House, client: Client, page: str) -> None:
    headers = {"HX-Request": "true", "HX-Trigger": "id_q"}
    assert _questions(client, house.path(page), headers) == WHEN_TYPED[page]
