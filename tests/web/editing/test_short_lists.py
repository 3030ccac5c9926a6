"""Schools and terms: sorted, in chosen columns, exported as they are shown."""

import csv
import io

import pytest
from django.test import Client
from tests.web.editing.conftest import Village
from tests.web.rooms.conftest import signed_in

from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.roster.editing.terms import add_term
from firstbell.web import short_lists

pytestmark = pytest.mark.usefixtures("static_files", "database")


def _names(client: Client, path: str, column: str = "name") -> list[str]:
    return [getattr(line, column) for line, _ in client.get(path).context["rows"]]


def _exported(client: Client, path: str) -> list[list[str]]:
    answer = client.get(path)
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content)))


def test_schools_are_sorted_in_chosen_columns_and_exported_so(village: Village, administrator: Client) -> None:
    add_org(village.district, {"name": "Acorn Academy", "type": "school", "identifier": "9"}, by=BY)
    add_org(village.district, {"name": "Zebra School", "type": "school", "identifier": "=1+1"}, by=BY)
    by_name = _names(administrator, village.path("schools/"))
    assert by_name == sorted(by_name)
    assert _names(administrator, village.path("schools/?sort=classes"))[0] == "Maple Hill"
    page = administrator.get(village.path("schools/?sort=identifier&cols=identifier")).content.decode()
    assert 'aria-sort="ascending"' in page
    assert "Kept by</th>" not in page
    export = _exported(administrator, village.path("schools/export/?cols=identifier"))
    assert export[0] == ["Name", "ID"]
    assert ["Acorn Academy", "9"] in export
    assert ["Zebra School", "'=1+1"] in export


def test_terms_come_with_the_newest_first_or_by_what_is_asked(village: Village, administrator: Client) -> None:
    for title, start, end in (("Autumn 2031", "2031-08-17", "2031-12-20"), ("Winter 2032", "2032-01-05", "2032-03-20")):
        add_term(village.district, {"title": title, "type": "semester", "startDate": start, "endDate": end}, by=BY)
    newest = _names(administrator, village.path("terms/"), "title")
    assert newest[:2] == ["Winter 2032", "Autumn 2031"]
    titles = _names(administrator, village.path("terms/?sort=title"), "title")
    assert titles == sorted(titles, key=str.casefold)
    head = administrator.get(village.path("terms/")).context["heads"]
    assert [(label, way) for label, _, way in head if way] == [("First day", "descending")]
    assert ["Autumn 2031", "2031-08-17"] in _exported(administrator, village.path("terms/export/?cols=begins"))


def test_a_long_list_has_pages(village: Village, administrator: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(short_lists, "PAGE", 2)
    for name in ("Acorn", "Birch", "Cedar"):
        add_org(village.district, {"name": name, "type": "school"}, by=BY)
    pages = [_names(administrator, village.path(f"schools/{page}")) for page in ("", "?page=2")]
    assert pages == [["Acorn", "Birch"], ["Birch Hill", "Cedar"]]
    assert administrator.get(village.path("schools/?page=99999")).status_code == 200


def test_who_has_some_schools_exports_these(village: Village) -> None:
    colleague = signed_in(village.accounts["colleague"])
    names = [row[0] for row in _exported(colleague, village.path("schools/export/"))[1:]]
    assert "Maple Hill" not in names
    assert names
