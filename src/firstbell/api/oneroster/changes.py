"""`/ims/oneroster/changes`: one feed of everything that changed, beside OneRoster, in its 1.2 records."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from firstbell.api.oneroster.problems import NotARead, ScopeTooSmall, refuse
from firstbell.api.oneroster.views import ROOTS, anew, json_answer
from firstbell.domain.sharing.access import Reader
from firstbell.domain.sharing.oneroster.asking import MOST, read_number, read_parameters
from firstbell.domain.sharing.oneroster.feed import answer_changes, read_place, tables_of
from firstbell.domain.sharing.oneroster.moment import Asker
from firstbell.domain.sharing.oneroster.version import Scope, Version, scope_uri
from firstbell.domain.sharing.pace import pace

LIMIT = 1_000


@csrf_exempt
def changes(request: HttpRequest) -> HttpResponse:
    """What changed behind a cursor; without one, the cursor of now."""
    try:
        if request.method not in {"GET", "HEAD"}:
            raise NotARead
        return anew(request, lambda reader: _answer(request, reader))
    except SuspiciousOperation:
        raise  # a host that is not ours is Django's to refuse
    except Exception as error:
        return refuse(Version.V1P2, error)


def _answer(request: HttpRequest, reader: Reader) -> HttpResponse:
    pace.count(reader.client_id)
    given = read_parameters(request.META.get("QUERY_STRING", "").encode(), ("cursor", "limit"))
    limit = min(read_number(given, "limit", LIMIT, least=1), MOST)
    place = read_place(given["cursor"]) if "cursor" in given else None
    tables = tables_of(reader)
    if not tables:
        raise ScopeTooSmall(f"This needs the scope {scope_uri(Version.V1P2, Scope.CORE)}.")
    base = f"{request.scheme}://{request.get_host()}/{ROOTS[Version.V1P2]}"
    asker = Asker(reader.client_id, reader.district, reader.last_stamp, base, reader.sight)
    return json_answer(answer_changes(asker, tables, place, limit).body)
