"""Advice by the API: for anyone, the same as the command's, and slowed down by address."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from django.core.cache import cache
from django.test import Client

from firstbell.api.manage_v1.advice import PER_MINUTE
from firstbell.cli.main import main

ADVICE = "/api/manage/v1/advice"
ASSISTED = {"accounts": "120", "mobility": "rarely", "frequency": "yearly", "current": "manual"}


@pytest.fixture(autouse=True)
def _nobody_asked_yet(database: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def test_anyone_is_advised_and_told_the_same_as_by_the_command() -> None:
    answer = Client().get(ADVICE, ASSISTED)
    assert answer.status_code == 200
    arguments = [part for name, value in ASSISTED.items() for part in (f"--{name}", value)]
    assert answer.json() == json.loads(CliRunner().invoke(main, ["advise", *arguments, "--json"]).stdout)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"single_school": "true"},
        {"accounts": "0"},
        {"accounts": "-1"},
        {"accounts": "9" * 400},
        {"accounts": "many"},
        {"frequency": "hourly"},
        {"mobility": "often", "single_school": "true"},
    ],
)
def test_what_cannot_be_an_answer_is_a_problem_of_the_request(asked: dict[str, str]) -> None:
    answer = Client().get(ADVICE, asked)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["detail"]


def test_an_address_that_asks_too_often_waits_and_others_do_not() -> None:
    client = Client()
    for _ in range(PER_MINUTE):
        assert client.get(ADVICE, ASSISTED).status_code == 200
    answer = client.get(ADVICE, ASSISTED)
    assert (answer.status_code, answer.json()["type"]) == (429, "urn:firstbell:problem:too-often")
    assert client.get(ADVICE, ASSISTED, REMOTE_ADDR="192.0.2.7").status_code == 200
    forged = client.get(ADVICE, ASSISTED, headers={"X-Forwarded-For": "192.0.2.8"})
    assert forged.status_code == 429
