"""Doing once what a program asks twice: a request with an `Idempotency-Key` is answered again, and not done again.

Answers are kept for a day, by who asked and what they asked; who may not ask any more is not answered either. They tell
of people, so they are sealed with the district's key: the cache is behind no wall, and outlives a district that leaves.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from ninja import Schema, Status
from ninja.responses import NinjaJSONEncoder

from firstbell.api.manage_v1.problems import KeyUsed, StillAtIt
from firstbell.api.manage_v1.visit import visit
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealing import seal, unseal

HEADER = "Idempotency-Key"
KEY_MOST = 200
DAY_SECONDS = 24 * 3600
WORK_SECONDS = 600
"""Who has not answered by then is taken for dead."""


def once[**P](view: Callable[P, Any]) -> Callable[P, Any]:
    """A view that changes something. Raises KeyUsed for another request by a known key, StillAtIt for one at work."""

    @wraps(view)
    def run_once(*args: P.args, **named: P.kwargs) -> Any:
        request = args[0] if args else named["request"]
        assert isinstance(request, HttpRequest)
        key = request.headers.get(HEADER)
        if key is None:
            return view(*args, **named)
        if not key or len(key) > KEY_MOST:
            raise KeyUsed(f"An Idempotency-Key has 1 to {KEY_MOST} characters.")
        district, place = _place(request, str(named["code"]), key)
        said = _said(request)
        if not cache.add(place, {"said": said}, WORK_SECONDS):
            return _again(district, place, cache.get(place), said)
        try:
            done = view(*args, **named)
        except BaseException:
            cache.delete(place)
            raise
        answer = json.dumps(_kept(done, named.get("response")), cls=NinjaJSONEncoder).encode()
        cache.set(place, {"said": said, "answer": seal(district, answer, name=place)}, DAY_SECONDS)
        return done

    return run_once


def _place(request: HttpRequest, code: str, key: str) -> tuple[District, str]:
    viewer, district = visit(request, code)  # raises what it raises: nobody is answered out of turn
    who = (district.pk, viewer.membership_id, sorted(viewer.permissions), request.method, request.path, key)
    return district, f"once:{hashlib.sha256(repr(who).encode()).hexdigest()}"


def _said(request: HttpRequest) -> str:
    digest = hashlib.sha256()
    if request.content_type == "multipart/form-data":
        for name, value in sorted(request.POST.items()):
            digest.update(repr((name, value)).encode())
        for name, file in sorted(request.FILES.items()):
            assert isinstance(file, UploadedFile)
            digest.update(repr((name, file.name or "")).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _kept(done: Any, response: object) -> dict[str, object]:
    status, shape = (done.status_code, done.value) if isinstance(done, Status) else (200, done)
    assert isinstance(shape, Schema)
    location = response.headers.get("Location", "") if isinstance(response, HttpResponse) else ""
    return {"status": status, "body": shape.model_dump(), "location": location}


def _again(district: District, place: str, known: dict[str, Any] | None, said: str) -> HttpResponse:
    if known is not None and not hmac.compare_digest(str(known["said"]), said):
        raise KeyUsed("This Idempotency-Key was used for another request: take a new one for each.")
    if known is None or "answer" not in known:
        raise StillAtIt("The first request by this key is still at work: ask again in a moment.")
    kept = json.loads(unseal(district, known["answer"], name=place))
    answer = HttpResponse(
        json.dumps(kept["body"]), status=kept["status"], content_type="application/json; charset=utf-8"
    )
    answer["Idempotent-Replayed"] = "true"
    answer["Cache-Control"] = "no-store"
    if kept["location"]:
        answer["Location"] = kept["location"]
    return answer
