"""The list of classes: filters, order, columns, what leaves as a file, and many changed at once."""

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
from firstbell.domain.roster.editing.classes import add_class
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.terms import add_term

if TYPE_CHECKING:  # the answer of a test's client has a name in the stubs only
    from django.test.client import _MonkeyPatchedWSGIResponse

pytestmark = pytest.mark.usefixtures("static_files", "database")


@pytest.fixture
def classes(village: Village) -> Village:
    """Three classes: two of one school, and one of the other."""
    for name, title, code, school, grade in (
        ("BIOLOGY", "Biology", "=B1", "SCHOOL", "08"),
        ("ZOOLOGY", "Zoology", "A1", "OTHER", "08,09"),
    ):
        said = {"title": title, "classCode": code, "schoolSourcedId": str(village.rows[school]), "grades": grade}
        village.rows[name] = add_class(village.district, said | {"termSourcedIds": str(village.rows["TERM"])}, by=BY)
    return village


def _many(client: Client, village: Village, **sent: object) -> "_MonkeyPatchedWSGIResponse":
    return client.post(village.path("classes/many/"), sent)


def _titles(client: Client, path: str) -> list[str]:
    return [row.title for row in client.get(path).context["classes"]]


def test_classes_are_sorted_filtered_and_counted(classes: Village, administrator: Client) -> None:
    assert _titles(administrator, classes.path("classes/")) == ["Algebra", "Biology", "Zoology"]
    assert _titles(administrator, classes.path("classes/?sort=code")) == ["Algebra", "Biology", "Zoology"]
    behind = classes.path(f"classes/?sort=code&after={classes.rows['BIOLOGY']}")
    assert _titles(administrator, behind) == ["Zoology"]
    assert _titles(administrator, classes.path("classes/?grade=09")) == ["Zoology"]
    page = administrator.get(classes.path("classes/?sort=code&cols=code"))
    assert dict(page.context["form"].fields["grade"].choices) == {"": "All grades", "08": "8 (2)", "09": "9 (1)"}
    assert page.context["heads"][1] == ("Code", classes.path("classes/?sort=code&cols=code"), "ascending")
    of_school = administrator.get(classes.path("classes/?grade=08&school=OTHER"))
    assert dict(of_school.context["form"].fields["school"].choices)[str(classes.rows["SCHOOL"])] == "Maple Hill (1)"
    assert _titles(administrator, classes.path("classes/?grade=%00&sort=nonsense"))[0] == "Algebra"


def test_the_columns_are_chosen_and_stay_with_the_filters(classes: Village, administrator: Client) -> None:
    page = administrator.get(classes.path("classes/?cols=code,grade&school=SCHOOL"))
    assert [label for label, _, _ in page.context["heads"]] == ["Class", "Code", "Grade"]
    assert [text for _, _, text in page.context["classes"][1].cells] == ["=B1", "8"]
    assert ("cols", "code,grade") in page.context["how_shown"]
    assert f"school={classes.rows['SCHOOL']}" in page.context["export_url"]


def test_what_is_wanted_leaves_as_a_file_without_live_formulas(classes: Village, administrator: Client) -> None:
    answer = administrator.get(classes.path("classes/export/?school=SCHOOL&cols=code,school,students"))
    text = b"".join(answer).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [
        ["Class", "Code", "School", "Students"],
        ["Algebra", "", "Maple Hill", "1"],
        ["Biology", "'=B1", "Maple Hill", "0"],
    ]
    with within(classes.district):
        event = list_events(classes.district.pk)[0]
    assert (event.verb, event.detail) == ("classes.exported", {"classes": 2, "columns": ["code", "school", "students"]})


def test_terms_and_grades_of_many_are_changed_after_a_look_and_undone(classes: Village, administrator: Client) -> None:
    dates = {"startDate": "2027-08-17", "endDate": "2028-06-12"}
    term = add_term(classes.district, {"title": "2027-28", "type": "schoolYear", **dates}, by=BY)
    chosen = [classes.rows["CLASS"], classes.rows["BIOLOGY"]]
    first = _many(administrator, classes, **{"class": chosen, "do": "terms"})
    assert first.context["outcome"] is None
    sent = {"class": chosen, "do": "terms", "term": term}
    look = _many(administrator, classes, **sent, then="look")
    assert (look.context["outcome"].done, classes.live("classes", term_ids=[term])) == (["Algebra", "Biology"], 0)
    done = _many(administrator, classes, **sent, then="do")
    assert classes.live("classes", term_ids=[term]) == 2
    administrator.post(done["Location"] + "undo/")
    assert classes.live("classes", term_ids=[term]) == 0
    again = _many(administrator, classes, **{"class": chosen, "do": "grade", "grade": "08", "then": "do"})
    assert again.status_code == 302
    assert classes.live("classes", grades=["08"]) == 2


def test_all_that_are_found_are_removed_with_their_places_and_come_back(
    classes: Village, administrator: Client
) -> None:
    look = _many(administrator, classes, all="yes", school=classes.rows["SCHOOL"], do="remove")
    assert (look.context["outcome"].done, look.context["outcome"].rows) == (["Algebra", "Biology"], 4)
    assert classes.live("classes") == 3
    done = _many(administrator, classes, **{"class": look.context["ids"], "do": "remove", "then": "do"})
    assert (classes.live("classes"), classes.live("enrollments"), classes.live("users")) == (1, 0, 5)
    administrator.post(done["Location"] + "undo/")
    assert (classes.live("classes"), classes.live("enrollments")) == (3, 2)


def test_a_registrar_chooses_none_of_another_school(classes: Village) -> None:
    registrar = signed_in(classes.accounts["registrar"])
    chosen = [classes.rows["CLASS"], classes.rows["ZOOLOGY"]]
    assert _many(registrar, classes, **{"class": chosen, "do": "remove", "then": "do"}).status_code == 404
    everything = _many(registrar, classes, all="yes", do="remove")
    assert classes.rows["ZOOLOGY"] not in everything.context["ids"]
    assert classes.live("classes") == 3


@pytest.mark.parametrize("sent", [{}, {"do": "grade"}, {"class": "x", "do": "remove"}, {"class": "1", "do": "explode"}])
def test_what_makes_no_sense_leads_back_to_the_list(
    classes: Village, administrator: Client, sent: dict[str, str]
) -> None:
    answer = _many(administrator, classes, **sent)
    assert (answer.status_code, answer["Location"]) == (302, classes.path("classes/"))


def test_too_many_at_once_are_refused_in_words(
    classes: Village, administrator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "MOST", 1)
    answer = _many(administrator, classes, all="yes", do="remove", then="do")
    assert answer.status_code == 422
    assert "up to 1 classes at once" in answer.content.decode()
