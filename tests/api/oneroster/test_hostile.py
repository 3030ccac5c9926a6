"""Whatever stands in an address, the answer is one of the contract's: never a fault of ours."""

import json
import os
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api.oneroster.conftest import V1P1, V1P2, Product

from firstbell.domain.sharing.oneroster.asking import LIST_PARAMETERS
from firstbell.domain.sharing.oneroster.collection import COLLECTIONS
from firstbell.domain.sharing.oneroster.resource import resource
from firstbell.domain.sharing.oneroster.version import Version

EXAMPLES = int(os.environ.get("HOSTILE_EXAMPLES", "15"))
"""By endpoint; ``make hostile`` runs ten thousand."""
ANSWERS = {200, 400, 404}
TEXT = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    [
        "",
        "'",
        "''",
        "\0",
        "%",
        "%00",
        "\\",
        "$$",
        "--",
        ";",
        "true",
        "1e400",
        "-0",
        "2026-02-30",
        "9" * 40,
        "\u202e",
        "ﬀ",
    ]
)
DATES = st.dates().map(str) | st.datetimes().map(lambda at: f"{at.isoformat()}Z") | st.just("0001-01-01T00:00:00+14:00")


def _filters(fields: list[str]) -> st.SearchStrategy[str]:
    names = st.sampled_from(fields) | st.just("metadata.x") | TEXT
    operators = st.sampled_from(["=", "!=", ">", ">=", "<", "<=", "~", "==", " like "])
    values = (TEXT | DATES).map(lambda value: "'" + value.replace("'", "''") + "'") | TEXT
    clause = st.builds("{}{}{}".format, names, operators, values)
    return st.builds("{}{}{}".format, clause, st.sampled_from([" AND ", " OR ", " and ", " XOR "]), clause) | clause


def _queries(version: Version, table: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    fields = sorted(resource(version, table).fields)
    numbers = st.integers(-(10**20), 10**20).map(str) | st.sampled_from(["1", "7", "10000"]) | TEXT
    members = st.lists(st.sampled_from(sorted(resource(version, table).members)) | TEXT, max_size=4).map(",".join)
    pair = st.one_of(
        st.tuples(st.sampled_from(["limit", "offset"]), numbers),
        st.tuples(st.just("sort"), st.sampled_from(fields) | TEXT),
        st.tuples(st.just("orderBy"), st.sampled_from(["asc", "desc", "ASC"]) | TEXT),
        st.tuples(st.just("fields"), members),
        st.tuples(st.just("filter"), _filters(fields)),
        st.tuples(st.just("after"), TEXT),
        st.tuples(TEXT, TEXT),
    )
    return st.lists(pair, max_size=5)


@pytest.mark.parametrize(("root", "version"), [(V1P1, Version.V1P1), (V1P2, Version.V1P2)])
@pytest.mark.parametrize("path", COLLECTIONS)
def test_no_query_is_a_fault(product: Product, root: str, version: Version, path: str) -> None:
    filled = _with_ids(product, path)

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(_queries(version, COLLECTIONS[path].table))
    def ask(query: list[tuple[str, str]]) -> None:
        encoded = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query)
        response = product.ask_raw(f"{root}/{filled}", encoded)
        assert response.status_code in ANSWERS, (encoded, response.content)
        told = json.loads(response.content)
        if response.status_code == 400:
            assert _names_a_parameter(told), (encoded, told)

    ask()


@settings(max_examples=EXAMPLES * 5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(COLLECTIONS)), TEXT, st.binary(max_size=20))
def test_no_path_and_no_bytes_are_a_fault(product: Product, path: str, sourced_id: str, raw: bytes) -> None:
    filled = path.replace("{", "").replace("}", "") + "/" + quote(sourced_id, safe="")
    response = product.ask_raw(f"{V1P2}/{filled}", "filter=" + quote(raw, safe="&=%"))
    assert response.status_code in ANSWERS, response.content


def _names_a_parameter(told: dict[str, Any]) -> bool:
    """Each version has its own place for the sentence; it begins with the parameter."""
    sentence = str(told.get("imsx_description") or told["statusInfoSet"][0]["imsx_description"])
    return sentence.partition(":")[0] in {*LIST_PARAMETERS, "query"}


def _with_ids(product: Product, path: str) -> str:
    if "{" not in path:
        return path
    enrollment: dict[str, Any] = product.read("enrollments", filter="role='student'", limit=1)[0]
    class_ = product.read("classes", filter=f"sourcedId='{enrollment['class']['sourcedId']}'")[0]
    teacher = product.read(f"classes/{class_['sourcedId']}/teachers")[0]
    return path.format(
        **{
            "school": enrollment["school"]["sourcedId"],
            "class": class_["sourcedId"],
            "course": class_["course"]["sourcedId"],
            "term": class_["terms"][0]["sourcedId"],
            "user": teacher["sourcedId"] if path.startswith("teachers") else enrollment["user"]["sourcedId"],
        }
    )
