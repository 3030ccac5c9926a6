"""The API as one object, and its description: OpenAPI 3.1 at openapi.json."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from firstbell.api.manage_v1.advice import router as advice
from firstbell.api.manage_v1.cases import router as cases
from firstbell.api.manage_v1.classes import router as roster
from firstbell.api.manage_v1.districts import router as districts
from firstbell.api.manage_v1.etags import etag_of, is_known
from firstbell.api.manage_v1.problems import MEDIA_TYPE, answer_problems
from firstbell.api.manage_v1.runs import router as runs
from firstbell.api.manage_v1.sources import router as sources
from firstbell.api.manage_v1.visit import Session, Token

_PROBLEM = {"$ref": "#/components/schemas/Problem"}


class Contract(NinjaAPI):
    """A NinjaAPI that says of problems which media type they have, and lets nobody keep an answer."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The description, with problems as problem+json."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for told in operation["responses"].values():
                    content = told.get("content", {})
                    if content.get("application/json", {}).get("schema") == _PROBLEM:
                        told["content"] = {MEDIA_TYPE: content["application/json"]}
        return schema

    def create_response(
        self, request: HttpRequest, data: Any, *, status: int | None = None, temporal_response: Any = None
    ) -> HttpResponse:
        """What is told has an ETag; who reads what they have already is told so instead."""
        answered = status or getattr(temporal_response, "status_code", None)
        if answered not in {HTTPStatus.OK, HTTPStatus.CREATED}:
            return super().create_response(request, data, status=status, temporal_response=temporal_response)
        etag = etag_of(data)
        if request.method in {"GET", "HEAD"} and is_known(request, etag):
            response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        else:
            response = super().create_response(request, data, status=status, temporal_response=temporal_response)
        response["ETag"], response["Cache-Control"] = etag, "no-store"
        return response

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """Rosters are personal data: no browser or proxy keeps what is said of them."""
        response = super().create_temporal_response(request)
        response["Cache-Control"] = "no-store"
        return response


api = Contract(
    title="Firstbell manage",
    version="1",
    description="Districts, sources, runs (start, watch, approve, discard, undo), people, classes and cases."
    " For anyone: advice on the method.",
    urls_namespace="manage-v1",
    docs_url=None,  # its page would fetch scripts from elsewhere
    auth=[Token(), Session()],
)
answer_problems(api)
for part in (districts, sources, runs, roster, cases):
    api.add_router("", part)
api.add_router("", advice)
