"""The API as one object, and its description: OpenAPI 3.1 at openapi.json."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from firstbell.api.manage_v1.advice import router as advice
from firstbell.api.manage_v1.problems import MEDIA_TYPE, answer_problems
from firstbell.api.manage_v1.runs import router as runs
from firstbell.api.manage_v1.visit import Session

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

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """Rosters are personal data: no browser or proxy keeps what is said of them."""
        response = super().create_temporal_response(request)
        response["Cache-Control"] = "no-store"
        return response


api = Contract(
    title="Firstbell manage",
    version="1",
    description="Runs of a district's roster: list, start, approve, discard, undo. For anyone: advice on the method.",
    urls_namespace="manage-v1",
    docs_url=None,  # its page would fetch scripts from elsewhere
    auth=Session(),
)
answer_problems(api)
api.add_router("", runs)
api.add_router("", advice)
