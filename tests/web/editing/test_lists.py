"""The list of people: many changed at once, filters, order, columns, and what leaves as a file."""

import csv
import io
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from tests.web.editing.conftest import Village
from tests.web.rooms.conftest import signed_in

from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing import many
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person
from firstbell.web.exporting import inert

if TYPE_CHECKING:  # the answer of a test's client has a name in the stubs only
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _ids(village: Village, *names: str) -> list[int]:
    return [village.rows[name] for name in names]


def _many(client: Client, village: Village, **sent: object) -> "_MonkeyPatchedWSGIResponse":
    return client.post(village.path("people/many/"), sent)


def test_a_grade_is_changed_after_a_look_and_undone(village: Village, administrator: Client) -> None:
    chosen = _ids(village, "STUDENT", "PUPIL")
    first = _many(administrator, village, person=chosen, do="grade")
    assert first.context["outcome"] is None
    look = _many(administrator, village, person=chosen, do="grade", grade="08", then="look")
    assert (look.context["outcome"].done, village.live("users", grades=["08"])) == (["Ben Brown", "Ada Byron"], 0)
    done = _many(administrator, village, person=chosen, do="grade", grade="08", then="do")
    assert village.live("users", grades=["08"]) == 2
    administrator.post(done["Location"] + "undo/")
    assert village.live("users", grades=["08"]) == 0


def test_people_come_to_a_class_that_is_searched_for(village: Village, administrator: Client) -> None:
    chosen = _ids(village, "STUDENT", "PUPIL")
    found = _many(administrator, village, person=chosen, do="class", find="alg")
    assert [row_id for row_id, _ in found.context["classes"]] == [village.rows["CLASS"]]
    sent = {"person": chosen, "do": "class", "class": village.rows["CLASS"]}
    look = _many(administrator, village, **sent, then="look")
    assert look.context["outcome"].left == [("Ada Byron", "is so already")]
    _many(administrator, village, **sent, then="do")
    assert village.live("enrollments", user_id=village.rows["PUPIL"]) == 1


def test_all_who_are_found_are_removed_and_come_back(village: Village, administrator: Client) -> None:
    look = _many(administrator, village, all="yes", role="student", do="remove")
    assert len(look.context["outcome"].done) == 2
    assert village.live("users") == 5
    done = _many(administrator, village, person=look.context["asked"].person_ids, do="remove", then="do")
    assert village.live("users") == 3
    administrator.post(done["Location"] + "undo/")
    assert (village.live("users"), village.live("enrollments")) == (5, 2)


def test_a_registrar_chooses_none_of_another_school(village: Village) -> None:
    registrar = signed_in(village.accounts["registrar"])
    sent = {"person": _ids(village, "STUDENT", "COLLEAGUE"), "do": "remove", "then": "do"}
    assert _many(registrar, village, **sent).status_code == 404
    everyone = _many(registrar, village, all="yes", do="remove")
    assert village.rows["COLLEAGUE"] not in everyone.context["asked"].person_ids
    assert village.live("users") == 5


@pytest.mark.parametrize(
    "sent", [{}, {"do": "grade"}, {"person": "x", "do": "remove"}, {"person": "1", "do": "explode"}]
)
def test_what_makes_no_sense_leads_back_to_the_list(
    village: Village, administrator: Client, sent: dict[str, str]
) -> None:
    answer = _many(administrator, village, **sent)
    assert (answer.status_code, answer["Location"]) == (302, village.path("people/"))


def test_too_many_at_once_are_refused_in_words(
    village: Village, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "MOST", 1)
    answer = _many(administrator, village, all="yes", do="remove", then="do")
    assert answer.status_code == 422
    assert "up to 1 people at once" in answer.content.decode()
    assert village.live("users") == 5


def _names(client: Client, path: str) -> list[str]:
    return [row.name for row in client.get(path).context["people"]]


def test_the_list_is_filtered_by_grade_with_counts(village: Village, administrator: Client) -> None:
    _many(administrator, village, person=_ids(village, "STUDENT"), do="grade", grade="08", then="do")
    page = administrator.get(village.path("people/"))
    assert dict(page.context["form"].fields["grade"].choices) == {"": "All grades", "08": "8 (1)"}
    assert _names(administrator, village.path("people/?grade=08")) == ["Byron, Ada"]
    assert _names(administrator, village.path("people/?grade=%00")) != []


def test_the_list_is_sorted_and_its_pieces_meet(village: Village, administrator: Client) -> None:
    by_username = _names(administrator, village.path("people/?sort=username"))
    assert by_username == ["Byron, Ada", "Brown, Ben", "College, Cora", "Noether, Emmy", "Register, Rita"]
    behind = village.path(f"people/?sort=username&after={village.rows['PUPIL']}")
    assert _names(administrator, behind) == by_username[2:]
    assert _names(administrator, village.path("people/?sort=nonsense"))[0] == "Brown, Ben"
    head = {label: (url, is_sorted) for label, url, is_sorted in administrator.get(behind).context["heads"]}
    assert head["Username"] == (village.path("people/?sort=username"), "ascending")
    assert head["Role"] == ("", "")


def test_the_columns_are_chosen_and_stay_with_the_filters(village: Village, administrator: Client) -> None:
    page = administrator.get(village.path("people/?cols=email&cols=identifier"))
    assert [label for label, _, _ in page.context["heads"]] == ["Name", "ID", "E-mail"]
    assert '<input type="hidden" name="cols" value="identifier,email">' in page.content.decode()
    typed = {"HX-Request": "true", "HX-Trigger": "id_q"}
    part = administrator.get(village.path("people/?q=a&cols=email"), headers=typed)
    assert part["HX-Replace-Url"] == village.path("people/?q=a&cols=email")


def _file(answer: object) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def test_what_is_wanted_leaves_as_a_file_and_that_is_written_down(village: Village, administrator: Client) -> None:
    school = [{"role": "student", "orgSourcedId": str(village.rows["SCHOOL"])}]
    said = {"givenName": "=cmd()", "familyName": "+Plus", "username": "@at", "identifier": "-1"}
    add_person(village.district, said, school, by=BY)
    rows = _file(administrator.get(village.path("people/export/?role=student&cols=username,identifier")))
    assert rows[0] == ["Family name", "Given name", "ID", "Username"]
    assert rows[1] == ["'+Plus", "'=cmd()", "'-1", "'@at"]
    assert [row[0] for row in rows[2:]] == ["Brown", "Byron"]
    with within(village.district):
        event = list_events(village.district.pk)[0]
    assert (event.verb, event.detail) == ("people.exported", {"people": 3, "columns": ["identifier", "username"]})


def test_a_registrars_file_has_her_school_only(village: Village, stranger: Client) -> None:
    rows = _file(signed_in(village.accounts["registrar"]).get(village.path("people/export/")))
    assert [row[0] for row in rows[1:]] == ["Brown", "Byron", "Noether", "Register"]
    assert stranger.get(village.path("people/export/")).status_code == 404
    assert signed_in(village.accounts["teacher"]).get(village.path("people/export/")).status_code == 403


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_a_cell_that_could_run_is_text(cell: str) -> None:
    assert inert(cell) == f"'{cell}"
    assert inert(f"a{cell}") == f"a{cell}"
