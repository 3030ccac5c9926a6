"""The description of what is served (1.2: REST binding, discovery), read without a token: an OpenAPI file that tells
the operations, the real addresses, and the scopes.
"""

from typing import Final

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from firstbell.api.oneroster.views import ROOTS
from firstbell.domain.sharing.access import OPENS
from firstbell.domain.sharing.oneroster.asking import LIMIT, MOST
from firstbell.domain.sharing.oneroster.collection import COLLECTIONS, Collection
from firstbell.domain.sharing.oneroster.member import Shape
from firstbell.domain.sharing.oneroster.resource import SINGLE, resource
from firstbell.domain.sharing.oneroster.version import Scope, Version, scope_uri

FILES: Final = ("onerosterv1p2rostersservice_openapi3_v1p0.json", "imsorv1p2_rostering_openapi3_v1p0.json")
"""Both names are in print."""
type Said = dict[str, object]
MEANINGS = {
    Scope.CORE: "Read the lists of rostering, and their records.",
    Scope.ROSTER: "The same, and what hangs on one record.",
    Scope.DEMOGRAPHICS: "Read demographics.",
}
_TEXT: Said = {"type": "string"}
_REFERENCE: Said = {
    "type": "object",
    "properties": {"href": _TEXT, "sourcedId": _TEXT, "type": _TEXT},
    "required": ["href", "sourcedId", "type"],
}
SCHEMAS: dict[Shape, Said] = {
    Shape.TEXT: _TEXT,
    Shape.TEXTS: {"type": "array", "items": _TEXT},
    Shape.REFERENCE: _REFERENCE,
    Shape.REFERENCES: {"type": "array", "items": _REFERENCE},
    Shape.OBJECT: {"type": "object"},
    Shape.OBJECTS: {"type": "array", "items": {"type": "object"}},
}
PARAMETERS: tuple[tuple[str, Said, str], ...] = (
    (
        "limit",
        {"type": "integer", "minimum": 1, "default": LIMIT},
        f"Records of a page; more than {MOST} gives {MOST}.",
    ),
    ("offset", {"type": "integer", "minimum": 0, "default": 0}, "Records before the page."),
    ("sort", {"type": "string"}, "A field to sort by; sourcedId otherwise."),
    ("orderBy", {"type": "string", "enum": ["asc", "desc"]}, "The direction."),
    ("filter", {"type": "string"}, "field op 'value', at most two joined by AND or OR."),
    ("fields", {"type": "string"}, "The members that are wanted, with commas."),
)


@require_safe
def discovery(request: HttpRequest, version: Version) -> JsonResponse:
    """The description of a version, with the addresses of this server."""
    host = f"{request.scheme}://{request.get_host()}"
    return JsonResponse(describe(version, f"{host}/{ROOTS[version]}", f"{host}/oauth/token"))


def describe(version: Version, root: str, token_url: str) -> Said:
    """The OpenAPI document."""
    scopes = {scope_uri(version, scope): MEANINGS[scope] for scope in Scope}
    flow = {"clientCredentials": {"tokenUrl": token_url, "scopes": scopes}}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"OneRoster {_spelled(version)} rostering", "version": _spelled(version)},
        "servers": [{"url": root}],
        "paths": _paths(version),
        "components": {
            "securitySchemes": {"OAuth2CC": {"type": "oauth2", "flows": flow}},
            "schemas": {SINGLE[table]: _record(version, table) for table in SINGLE},
        },
    }


def _spelled(version: Version) -> str:
    return {Version.V1P1: "1.1", Version.V1P2: "1.2"}[version]


def _paths(version: Version) -> Said:
    paths: Said = {}
    for path, collection in COLLECTIONS.items():
        paths[f"/{path}"] = {"get": _list(version, collection)}
        if not collection.parents:
            paths[f"/{path}/{{sourcedId}}"] = {"get": _one(version, collection)}
    return paths


def _list(version: Version, collection: Collection) -> Said:
    records: Said = {"type": "array", "items": {"$ref": f"#/components/schemas/{SINGLE[collection.table]}"}}
    query = [{"name": name, "in": "query", "schema": kind, "description": says} for name, kind, says in PARAMETERS]
    within = [_in_path(parent.name) for parent in collection.parents]
    said = _operation(version, collection, f"list-{collection.name}", collection.table, records)
    return {**said, "parameters": [*within, *query]}


def _one(version: Version, collection: Collection) -> Said:
    record: Said = {"$ref": f"#/components/schemas/{SINGLE[collection.table]}"}
    said = _operation(version, collection, f"get-{collection.name}", SINGLE[collection.table], record)
    fields = [{"name": name, "in": "query", "schema": kind} for name, kind, _ in PARAMETERS if name == "fields"]
    return {**said, "parameters": [_in_path("sourcedId"), *fields]}


def _in_path(name: str) -> Said:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _operation(version: Version, collection: Collection, name: str, key: str, content: Said) -> Said:
    schema = {"type": "object", "properties": {key: content}, "required": [key]}
    return {
        "operationId": name,
        "security": [{"OAuth2CC": [scope_uri(version, scope)]} for scope in OPENS[collection.scope]],
        "responses": {
            "200": {"description": "The records.", "content": {"application/json": {"schema": schema}}},
            "400": {"description": "The question cannot be answered; the parameter and the field are named."},
            "401": {"description": "The token is missing or has ended."},
            "403": {"description": "The scope or the district's grant does not open this."},
            "404": {"description": "There is no such record."},
            "429": {"description": "Asked too often: wait for as many seconds as Retry-After says."},
        },
    }


def _record(version: Version, table: str) -> Said:
    members = resource(version, table).members
    return {
        "type": "object",
        "properties": {name: SCHEMAS[member.shape] for name, member in members.items()},
        "required": ["sourcedId", "status", "dateLastModified"],
        "additionalProperties": False,
    }
