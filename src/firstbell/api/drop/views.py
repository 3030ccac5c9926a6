"""PUT /drop/<file>: a job of a district sends its roster. It speaks JSON and plain status codes, for curl."""

import tempfile
from typing import BinaryIO, cast

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from firstbell.domain.sources.bringing import Bringer, Refused, bring, find_by_token

ENDINGS = (".zip", ".csv", ".xlsx", ".xlsm", ".txt")
CHUNK = 1024 * 1024
WITHOUT = "Send the token of the source: -H 'Authorization: Bearer TOKEN'. A district administrator makes it."
LONGEST_NAME = 200


class NotTaken(Exception):
    """A file that is not taken: status, and a sentence for the job's log."""

    def __init__(self, status: int, says: str) -> None:
        super().__init__(says)
        self.status = status


@csrf_exempt
@never_cache
@require_http_methods(["PUT"])
def take_file(request: HttpRequest, name: str = "") -> JsonResponse:
    """Take the body as a file of this name, and begin a run with it."""
    bringer = _bringer(request)
    if bringer is None:
        answer = JsonResponse({"error": WITHOUT}, status=401)
        answer["WWW-Authenticate"] = 'Bearer realm="firstbell"'
        return answer
    try:
        with tempfile.TemporaryFile() as package:
            _read(request, cast("BinaryIO", package))
            run = bring(bringer, cast("BinaryIO", package), name=_good_name(name))
    except NotTaken as problem:
        return JsonResponse({"error": str(problem)}, status=problem.status)
    except Refused as problem:
        return JsonResponse({"error": str(problem)}, status=409)
    return JsonResponse({"run": run.pk, "source": bringer.connection.source.name, "sha256": run.digest}, status=202)


def _bringer(request: HttpRequest) -> Bringer | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return find_by_token(token.strip()) if scheme.lower() == "bearer" else None


def _good_name(name: str) -> str:
    if not name.lower().endswith(ENDINGS):
        raise NotTaken(422, "Send a .zip, .csv or .xlsx file. A roster of several files goes into one zip.")
    if len(name) > LONGEST_NAME or not name.isprintable() or "/" in name or "\\" in name:
        raise NotTaken(422, f"The name of the file has up to {LONGEST_NAME} characters that can be seen, and no slash.")
    return name


def _read(request: HttpRequest, package: BinaryIO) -> None:
    """Copy the body to disk, and never more than an upload may have. What was cut off is not taken."""
    said = request.headers.get("Content-Length", "")
    most = settings.FIRSTBELL_MAX_UPLOAD_BYTES
    if said.isdecimal() and int(said) > most:
        raise NotTaken(413, f"The file is larger than the {most:,} bytes that this installation takes.")
    came = 0
    while chunk := request.read(CHUNK):
        came += len(chunk)
        if came > most:
            raise NotTaken(413, f"The file is larger than the {most:,} bytes that this installation takes.")
        package.write(chunk)
    if not came:
        raise NotTaken(422, "The file is empty. Nothing was changed.")
    if said.isdecimal() and came != int(said):
        raise NotTaken(400, f"Of {int(said):,} bytes only {came:,} came. Send the file again.")


urlpatterns = [path("", take_file, name="drop_unnamed"), path("<str:name>", take_file, name="drop")]
