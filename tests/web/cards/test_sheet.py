"""Cards on paper: every log-in can be read, every code can be scanned, and no card runs into another."""

import unicodedata
from collections.abc import Iterator
from typing import Literal

import pypdfium2
import pytest
import zxingcpp
from reportlab.lib.units import mm

from firstbell.web.cards.lettering import UNWRITTEN
from firstbell.web.cards.papers import PAPERS, Paper
from firstbell.web.cards.sheet import Card, draw, unwritten

PLACE = "firstbell.example/student"
BADGE = "https://firstbell.example/badge/4f0c8d1e9b2a4c6e8f0a1b2c3d4e5f60"
LONG = "a.very.long.username.that.somebody.made@students.cedarvalley.k12.example.org"


def _card(name: str = "Ada Lovelace", username: str = "ada", password: str = "", badge: str = "") -> Card:
    return Card(name, "Homeroom 3B", "cedar-valley", PLACE, username, password, badge)


def _texts(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def _scanned(pdf: bytes) -> Iterator[str]:
    for page in pypdfium2.PdfDocument(pdf):
        for code in zxingcpp.read_barcodes(page.render(scale=3).to_pil()):
            yield code.text


@pytest.fixture(params=list(PAPERS.values()), ids=list(PAPERS))
def paper(request: pytest.FixtureRequest) -> Paper:
    found: Paper = request.param
    return found


def test_a_class_of_thirty_has_a_card_each_with_all_that_is_typed(paper: Paper) -> None:
    cards = [_card(f"Pupil {number}", f"pupil{number:02d}", f"otter-{number:02d}") for number in range(30)]
    pages = _texts(draw(cards, paper, title="Homeroom 3B"))
    assert len(pages) == -(-30 // paper.on_a_sheet)
    text = "".join(pages)
    assert all(card.username in text and card.password in text for card in cards)
    assert text.count("cedar-valley") == 30


def test_every_code_on_a_full_sheet_can_be_scanned(paper: Paper) -> None:
    cards = [_card(username=f"pupil{number}", badge=f"{BADGE[:-2]}{number:02d}") for number in range(paper.on_a_sheet)]
    assert sorted(_scanned(draw(cards, paper, title="Badges"))) == sorted(card.badge for card in cards)


def test_a_long_username_goes_on_in_the_next_line_beside_its_code(paper: Paper) -> None:
    pdf = draw([_card(username=LONG, badge=BADGE, password="river-otter-42")] * paper.on_a_sheet, paper, title="Long")
    assert "".join(_texts(pdf)[0].split()).count(LONG) == paper.on_a_sheet
    letters = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    rights = [letters.get_charbox(place)[2] / mm for place in range(letters.count_chars())]
    for x, _ in paper.places():
        code = x + paper.card_width - min(0.88 * paper.card_height, 0.4 * paper.card_width)
        assert not [right for right in rights if code < right < x + paper.card_width], "no letter is on a code"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh", "Αλέξανδρος", "Екатерина", "Łukasz Žižka"])
def test_names_are_printed_in_their_own_letters(name: str, form: Literal["NFC", "NFD"]) -> None:
    card = _card(unicodedata.normalize(form, name))
    assert unwritten([card]) == []
    assert "�" not in _texts(draw([card], PAPERS["a4"], title="Cards"))[0]


@pytest.mark.parametrize("name", ["محمد علي", "שרה כהן", "अनन्या शर्मा", "李小龙"])
def test_a_name_that_would_come_out_wrong_is_not_printed_and_told(name: str) -> None:
    card = _card(name, username="pupil7")
    assert unwritten([card]) == [card]
    text = _texts(draw([card], PAPERS["letter"], title="Cards"))[0]
    assert UNWRITTEN in text
    assert "pupil7" in text


def test_a_name_of_a_hundred_letters_is_cut_and_its_log_in_is_not(paper: Paper) -> None:
    text = _texts(draw([_card("Maximiliana " * 9, password="river-otter-42")], paper, title="Cards"))[0]
    assert "…" in text
    assert "river-otter-42" in text


def test_a_sheet_holds_its_cards(paper: Paper) -> None:
    places = list(paper.places())
    assert len(places) == paper.on_a_sheet
    assert all(x >= 0 and x + paper.card_width <= paper.width for x, _ in places)
    assert all(y >= 0 and y + paper.card_height <= paper.height for _, y in places)


def test_no_card_is_no_sheet() -> None:
    with pytest.raises(ValueError, match="no card"):
        draw([], PAPERS["a4"], title="Cards")
