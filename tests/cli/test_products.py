"""`firstbell products`: a file becomes the catalogue, all of it or nothing, with a word on seats."""

import uuid
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.conftest import new_district

from firstbell.cli.main import main
from firstbell.domain.advice.queries import find_products

pytestmark = pytest.mark.usefixtures("database")


def _products(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["products", *arguments], catch_exceptions=False)


def _file(tmp_path: Path, text: str) -> str:
    path = tmp_path / "products.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_file_is_taken_told_and_listed(tmp_path: Path) -> None:
    code, district = f"math-{uuid.uuid4().hex[:8]}", new_district("Lakeside")
    text = f"""
    products:
      - {{code: {code}, name: Math, methods: [self_managed, automated], formats: [clever]}}
    districts:
      {district.code}: [{{product: {code}, seats: 5}}]
    """
    done = _products(_file(tmp_path, text))
    assert (done.exit_code, done.stdout) == (0, "Products: 1 added, 0 changed. Districts: 1.\n")
    assert f"{code}  Math: self_managed, automated by Clever\n" in _products().stdout


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("products: [{code: CODE, name: Math, methods: [magic]}]", "products[1].methods: there is no magic"),
        (
            "products: [{code: CODE, name: Math, methods: [automated]}]\ndistricts: {nowhere: []}",
            "districts.nowhere: there is no such district.",
        ),
    ],
)
def test_a_mistake_gets_one_line_and_changes_nothing(tmp_path: Path, text: str, line: str) -> None:
    code = f"math-{uuid.uuid4().hex[:8]}"
    done = _products(_file(tmp_path, text.replace("CODE", code)))
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert line in done.stderr
    assert find_products([code]) == []


def test_a_file_that_is_not_there_gets_its_line(tmp_path: Path) -> None:
    done = _products(str(tmp_path / "nowhere.yaml"))
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert "no such file" in done.stderr
