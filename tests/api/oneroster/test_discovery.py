"""The description of what is served is true: its operations, members and scopes are those that answer."""

import json

import pytest
from django.test import Client
from openapi_spec_validator import validate
from tests.api.oneroster.conftest import V1P2, Product

from firstbell.api.oneroster.discovery import FILES, describe
from firstbell.domain.sharing.oneroster.collection import COLLECTIONS
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS, Version


@pytest.mark.parametrize("file", FILES)
def test_anybody_reads_it_under_both_names(database: None, file: str) -> None:
    said = json.loads(Client().get(f"{V1P2}/discovery/{file}").content)
    validate(said)
    assert said["servers"] == [{"url": f"http://testserver{V1P2}"}]
    [flow] = said["components"]["securitySchemes"]["OAuth2CC"]["flows"].values()
    assert flow["tokenUrl"] == "http://testserver/oauth/token"
    assert set(flow["scopes"]) == {uri for uri, (version, _) in SCOPE_URIS.items() if version is Version.V1P2}
    assert len(said["paths"]) == 41


@pytest.mark.parametrize("path", [path for path in COLLECTIONS if "{" not in path])
def test_every_record_is_as_described(product: Product, path: str) -> None:
    schemas = describe(Version.V1P2, "", "")["components"]["schemas"]  # type: ignore[index]
    key = next(iter(json.loads(product.ask(f"{path}/{product.read(path, limit=1)[0]['sourcedId']}").content)))
    known = schemas[key]["properties"]
    kinds = {"string": str, "array": list, "object": dict}
    for record in product.read(path, limit=200):
        assert set(record) <= set(known)
        for name, value in record.items():
            assert isinstance(value, kinds[known[name]["type"]]), name
