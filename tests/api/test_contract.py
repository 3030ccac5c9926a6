"""The API's own description: valid, complete, and the reference page made from it."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import validate
from openapi_spec_validator.validation.validators import OpenAPIV31SpecValidator

from firstbell.api.manage_v1.page import reference_page

FOR_ANYONE = {"/api/manage/v1/advice"}
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"


@pytest.fixture
def schema(database: None) -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/api/manage/v1/openapi.json").json()
    return found


def test_the_description_is_valid_openapi_3_1(schema: dict[str, Any]) -> None:
    assert schema["openapi"].startswith("3.1")
    validate(schema, cls=OpenAPIV31SpecValidator)


def test_every_address_tells_its_problems_as_problem_json(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            refused = {status: told for status, told in operation["responses"].items() if status[0] == "4"}
            wanted = {"422", "429"} if path in FOR_ANYONE else {"401", "403", "404", "422"}
            assert set(refused) >= wanted, (path, method)
            for told in refused.values():
                assert list(told["content"]) == ["application/problem+json"]


def test_every_address_tells_what_it_does_and_asks_for_a_session(schema: dict[str, Any]) -> None:
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            assert operation["description"].endswith(".")
            assert bool(operation.get("security")) == (path not in FOR_ANYONE)


def test_the_reference_page_is_current(schema: dict[str, Any]) -> None:
    assert PAGE.read_text(encoding="utf-8") == reference_page(schema)
