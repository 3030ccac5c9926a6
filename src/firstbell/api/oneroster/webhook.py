"""`/ims/oneroster/changes/webhook`: a program has itself told of changes, sees what it did not take, and asks again."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from firstbell.api.oneroster.problems import ScopeTooSmall, refuse
from firstbell.api.oneroster.views import anew, json_answer
from firstbell.connectors.contract import ForGood
from firstbell.domain.audit.actor import Actor
from firstbell.domain.sharing.access import Reader
from firstbell.domain.sharing.models import ApiClient, Delivery
from firstbell.domain.sharing.oneroster.feed import tables_of
from firstbell.domain.sharing.oneroster.refused import BadQuestion, NothingThere
from firstbell.domain.sharing.oneroster.version import Scope, Version, scope_uri
from firstbell.domain.sharing.pace import pace
from firstbell.domain.sharing.webhooks import (
    NoWebhook,
    end_webhook,
    find_webhook,
    list_deliveries,
    set_webhook,
    tell_again,
)

MOST_BYTES = 16 * 1024
"""Of a request's body."""
type Answer = Callable[[ApiClient], HttpResponse]


@csrf_exempt
def webhook(request: HttpRequest) -> HttpResponse:
    """The address: PUT sets it, GET tells how it goes, DELETE ends it."""
    ways: Mapping[str, Answer] = {
        "GET": _told,
        "PUT": lambda client: _set(client, _said(request)),
        "DELETE": _ended,
    }
    return _answered(request, ways)


@csrf_exempt
def replay(request: HttpRequest) -> HttpResponse:
    """POST: have what was not taken told once more; one message, by its key, or all."""
    return _answered(request, {"POST": lambda client: _again(client, _said(request))})


def _answered(request: HttpRequest, ways: Mapping[str, Answer]) -> HttpResponse:
    way = ways.get(request.method or "")
    if way is None:
        return HttpResponseNotAllowed(list(ways))
    try:
        return anew(request, lambda reader: way(_client_of(reader)))
    except SuspiciousOperation:
        raise  # a host that is not ours is Django's to refuse
    except ForGood as fault:
        return refuse(Version.V1P2, BadQuestion("url", f"{fault} {fault.remedy}"))
    except NoWebhook:
        return refuse(Version.V1P2, NothingThere())
    except Exception as error:
        return refuse(Version.V1P2, error)


def _client_of(reader: Reader) -> ApiClient:
    pace.count(reader.client_id)
    if not tables_of(reader):
        raise ScopeTooSmall(f"This needs the scope {scope_uri(Version.V1P2, Scope.CORE)}.")
    return ApiClient.objects.select_related("district").get(pk=reader.client_id)


def _set(client: ApiClient, said: dict[str, Any]) -> HttpResponse:
    url = said.get("url")
    if not isinstance(url, str):
        raise BadQuestion("url", "say where you are told, as text")
    made = set_webhook(client, url, by=_actor(client))
    return _json({"url": made.url, "secret": made.secret, "cursor": made.cursor})


def _told(client: ApiClient) -> HttpResponse:
    hook = find_webhook(client)
    if hook is None:
        raise NothingThere
    told = [_delivery(one) for one in list_deliveries(client)]
    return _json({"url": hook.url, "cursor": hook.cursor, "trouble": hook.trouble, "messages": told})


def _ended(client: ApiClient) -> HttpResponse:
    end_webhook(client, by=_actor(client))
    return HttpResponse(status=204)


def _again(client: ApiClient, said: dict[str, Any]) -> HttpResponse:
    key = said.get("key")
    if key is not None and (not isinstance(key, str) or "\0" in key):
        raise BadQuestion("key", "is not one of a message")
    return _json({"messages": tell_again(client, key, by=_actor(client))}, status=202)


def _delivery(one: Delivery) -> dict[str, object]:
    return {
        "key": one.key,
        "state": one.state,
        "changes": one.changes,
        "tries": one.tries,
        "trouble": one.trouble,
        "made": one.made_at.isoformat(),
    }


def _said(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the request; an empty body is an empty one. Raises BadQuestion."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        raise BadQuestion("body", f"has at most {MOST_BYTES:,} bytes")
    try:
        said = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as problem:
        raise BadQuestion("body", "is not JSON") from problem
    if not isinstance(said, dict):
        raise BadQuestion("body", "is not a JSON object")
    return said


def _actor(client: ApiClient) -> Actor:
    return Actor("api", client.client_id, client.name)


def _json(said: dict[str, object], status: int = 200) -> HttpResponse:
    response = json_answer(json.dumps(said))
    response.status_code = status
    return response
