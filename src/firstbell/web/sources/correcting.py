"""The corrections of a source: declare, look at before and after on real files, save.

What is not saved yet travels with the page as a draft, so that every step works without scripts and nothing is kept.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.previewing import preview_file, preview_kept
from firstbell.domain.imports.queries import find_last_kept
from firstbell.domain.roster.access import access_source
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import CORRECTIONS, ChangedSince, change_settings, policy_of
from firstbell.engine.corrections.kinds import Corrections
from firstbell.engine.corrections.parsing import BadCorrections, as_settings, parse
from firstbell.engine.corrections.previewing import Preview
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.runs.upload_limit import TOO_LARGE
from firstbell.web.sources.correction_forms import COLUMNS, FILES, FORMS, CorrectionForm, TryForm
from firstbell.web.sources.correction_lists import (
    causes_of,
    files_of,
    known_columns,
    known_files,
    proposals_of,
    severities_of,
)
from firstbell.web.visit import Visit, inside

CHANGED_MEANWHILE = "Somebody else changed the corrections meanwhile. These are theirs; what you had not saved is gone."
UNREADABLE = "The page was not sent whole, so nothing was changed."


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_corrections(visit: Visit, source_id: int) -> HttpResponseBase:
    """The corrections of a source, and what they do to its last files."""
    source = access_source(visit.viewer, visit.district, source_id)
    saved = policy_of(source).corrections
    if visit.request.method != "POST":
        return _page(visit, source, saved)
    sent = visit.request.POST
    try:
        draft, base = parse(json.loads(sent.get("draft", ""))), parse(json.loads(sent.get("base", "")))
        if base != saved:
            messages.warning(visit.request, CHANGED_MEANWHILE)
            return redirect(visit.url("source_corrections", source.pk))
        if "save" in sent:
            return _save(visit, source, draft, base)
        if "add" in sent:
            return _add(visit, source, draft, sent["add"])
        if "try" in sent:
            return _try(visit, source, draft)
        return _page(visit, source, _stepped(draft, sent.get("remove"), sent.get("use")))
    except (BadCorrections, ValueError):  # json's error is a ValueError too
        messages.error(visit.request, UNREADABLE)
        return redirect(visit.url("source_corrections", source.pk))


def _stepped(draft: Corrections, remove: str | None, use: str | None) -> Corrections:
    """The draft without one of its corrections, or with a proposal. Raises BadCorrections and ValueError."""
    settings = as_settings(draft)
    if remove is not None:
        gone = int(remove)
        return parse([members for place, members in enumerate(settings) if place != gone])
    return parse([*settings, json.loads(use)]) if use is not None else draft


def _save(visit: Visit, source: Source, draft: Corrections, base: Corrections) -> HttpResponse:
    def unless_changed(settings: Mapping[str, Any]) -> Mapping[str, object]:
        if parse(settings.get(CORRECTIONS, [])) != base:
            raise ChangedSince(source.name)
        return {CORRECTIONS: as_settings(draft)}

    try:
        change_settings(visit.district, source, unless_changed, by=visit.viewer.actor)
        messages.success(visit.request, f"The corrections of {source.name} are saved. They hold from its next file on.")
    except ChangedSince:
        messages.warning(visit.request, CHANGED_MEANWHILE)
    return redirect(visit.url("source_corrections", source.pk))


def _add(visit: Visit, source: Source, draft: Corrections, kind: str) -> HttpResponse:
    chosen = next((form for form in FORMS if form.kind == kind), None)
    if chosen is None:
        raise ValueError(kind)
    form = chosen(visit.request.POST, prefix=kind)
    if form.is_valid():
        try:
            return _page(visit, source, parse([*as_settings(draft), form.members()]))
        except BadCorrections as problem:
            form.add_error(None, _without_place(str(problem)))
    form.look_here()
    return _page(visit, source, draft, entered=form)


def _without_place(text: str) -> str:
    """What is wrong, without the number that the new correction would have had."""
    place, _, what = text.partition(": ")
    return what[:1].upper() + what[1:] if place.startswith("Correction") and what else text


def _try(visit: Visit, source: Source, draft: Corrections) -> HttpResponse:
    form = TryForm(visit.request.POST, visit.request.FILES)
    if not form.is_valid() or getattr(visit.request, TOO_LARGE, False):
        if not form.errors:
            form.add_error("package", "The files are too large to be tried here.")
        return _page(visit, source, draft, trying=form)
    files: list[UploadedFile[Any]] = form.cleaned_data["package"]
    with tempfile.TemporaryDirectory(prefix="firstbell-try-") as folder:
        for file in files:
            with (Path(folder) / Path(file.name or "upload.csv").name).open("wb") as copy:
                shutil.copyfileobj(file, copy)
        only = next(Path(folder).iterdir()) if len(files) == 1 else Path(folder)
        seen = preview_file(only, only.name, draft, sees_demographics=_sees_demographics(visit))
    names = ", ".join(file.name or "" for file in files)
    return _page(visit, source, draft, seen=(seen, f"{names}, which was looked at and not kept"))


def _last_seen(visit: Visit, source: Source, draft: Corrections) -> tuple[Preview, str] | None:
    """The preview on the last files that the source sent, and what these are."""
    run = find_last_kept(visit.district, source)
    if run is None:
        return None
    seen = preview_kept(visit.district, run, draft, sees_demographics=_sees_demographics(visit))
    return seen, f"{run.package_name}, the files of run {run.pk}"


def _sees_demographics(visit: Visit) -> bool:
    return visit.viewer.may(Permission.VIEW_DEMOGRAPHICS)


def _page(
    visit: Visit,
    source: Source,
    draft: Corrections,
    *,
    entered: CorrectionForm | None = None,
    trying: TryForm | None = None,
    seen: tuple[Preview, str] | None = None,
) -> HttpResponse:
    saved = policy_of(source).corrections
    preview, what = seen or _last_seen(visit, source, draft) or (None, "")
    effects = preview.effects if preview else ("",) * len(draft.declared)
    context = {
        "source": source,
        "crumbs": [
            Crumb("Sources", visit.url("sources")),
            Crumb(source.name, visit.url("source", source.pk)),
            Crumb("Corrections"),
        ],
        "corrections": list(zip(draft.declared, effects, strict=True)),
        "draft": json.dumps(as_settings(draft)),
        "base": json.dumps(as_settings(saved)),
        "unsaved": draft != saved,
        "forms": [entered if entered and entered.kind == form.kind else form(prefix=form.kind) for form in FORMS],
        "try_form": trying or TryForm(),
        "preview": preview,
        "shown_on": what,
        "files": files_of(preview),
        "severities": severities_of(preview),
        "causes": causes_of(preview),
        "proposals": proposals_of(preview, draft),
        "here": visit.url("source_corrections", source.pk),
        "lists": {FILES: known_files(preview), COLUMNS: known_columns(preview)},
    }
    wrong = bool((entered and entered.errors) or (trying and trying.errors))
    return show(visit, "sources/corrections.html", context, room="sources", status=422 if wrong else 200)
