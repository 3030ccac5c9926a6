"""Rostering's reads: who asks, what, and the answer, in the words of the version."""

from collections.abc import Callable
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from firstbell.api.oneroster.addresses import Asked, find_asked
from firstbell.api.oneroster.problems import NotARead, ScopeTooSmall, refuse
from firstbell.domain.sharing.access import NotAClient, NotGranted, Reader, find_reader
from firstbell.domain.sharing.oneroster.answering import Page, answer_one, answer_page
from firstbell.domain.sharing.oneroster.asking import Question, read_fields, read_parameters, read_question
from firstbell.domain.sharing.oneroster.moment import Asker, GrantChanged, holding_still
from firstbell.domain.sharing.oneroster.refused import NothingThere
from firstbell.domain.sharing.oneroster.resource import resource
from firstbell.domain.sharing.oneroster.version import Version, scope_uri
from firstbell.domain.sharing.pace import pace

ROOTS = {Version.V1P1: "ims/oneroster/v1p1", Version.V1P2: "ims/oneroster/rostering/v1p2"}
TRIES = 5
type View = Callable[..., HttpResponse]


def rostering(version: Version) -> View:
    """The view of all addresses below a version's root."""

    @csrf_exempt
    def read(request: HttpRequest, path: str) -> HttpResponse:
        try:
            if request.method not in {"GET", "HEAD"}:
                raise NotARead
            return anew(request, lambda reader: _read(request, version, path, reader))
        except SuspiciousOperation:
            raise  # a host that is not ours is Django's to refuse
        except Exception as error:
            return refuse(version, error)

    return read


def anew(request: HttpRequest, answer: Callable[[Reader], HttpResponse]) -> HttpResponse:
    """Answer who shows a token. A grant that changes between the look at the token and the answer holds for it."""
    token = _token(request)
    for _ in range(TRIES):
        with suppress(GrantChanged):
            return answer(find_reader(token))
    with holding_still(find_reader(token).district):  # it changes faster than we read: it waits for once
        return answer(find_reader(token))


def _read(request: HttpRequest, version: Version, path: str, reader: Reader) -> HttpResponse:
    pace.count(reader.client_id)
    asked = find_asked(path)
    if asked is None or "\0" in path:
        raise NothingThere
    if not reader.may(version, asked.collection.scope):
        raise ScopeTooSmall(f"This needs the scope {scope_uri(version, asked.collection.scope)}.")
    if asked.collection.table in reader.sight.hidden:
        raise NotGranted(f"The district’s grant does not open {asked.collection.table}.")
    base = f"{request.scheme}://{request.get_host()}/{ROOTS[version]}"
    asker = Asker(reader.client_id, reader.district, reader.last_stamp, base, reader.sight)
    if asked.sourced_id is None:
        return _list(request, asker, version, asked)
    given = read_parameters(request.META.get("QUERY_STRING", "").encode(), ("fields",))
    members = tuple(resource(version, asked.collection.table, reader.sight.hidden).members)
    fields = read_fields(given.get("fields"), members)
    question = Question(version, asked.collection, fields=fields, sight=reader.sight)
    return json_answer(answer_one(asker, question, asked.sourced_id))


def _list(request: HttpRequest, asker: Asker, version: Version, asked: Asked) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    question = read_question(version, asked.collection, asked.parents, query.encode(), asker.sight)
    page = answer_page(asker, question)
    response = json_answer(page.body)
    response["X-Total-Count"] = str(page.total)
    response["Link"] = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in _links(request, question, page))
    return response


def _links(request: HttpRequest, question: Question, page: Page) -> list[tuple[str, str]]:
    """first, prev, next and last, as far as there are."""
    here = f"{request.scheme}://{request.get_host()}{request.path}"
    kept = [
        (name, value)
        for name, value in parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True)
        if name not in {"limit", "offset", "after"}
    ]

    def address(offset: int, after: str | None = None) -> str:
        place = [("limit", str(question.limit)), ("offset", str(offset))]
        return f"{here}?{urlencode([*kept, *place, *([('after', after)] if after is not None else [])])}"

    links = [("first", address(0))]
    if question.offset:
        links.append(("prev", address(max(0, question.offset - question.limit))))
    if page.last is not None:
        links.append(("next", address(question.offset + page.count, page.last)))
    links.append(("last", address(max(0, page.total - 1) // question.limit * question.limit)))
    return links


def json_answer(body: str) -> HttpResponse:
    """Nobody keeps what is said of people."""
    response = HttpResponse(body, content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response


def _token(request: HttpRequest) -> str:
    kind, _, token = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NotAClient
    return token.strip()
