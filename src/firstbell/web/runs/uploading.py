"""Uploading a roster: a zip, or its CSV files as they are."""

from typing import Any, BinaryIO, cast

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.views.decorators.http import require_http_methods

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.queueing import CARRY_OUT, later
from firstbell.domain.imports.receiving import receive_files
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import add_source
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.runs.upload_limit import TOO_LARGE
from firstbell.web.visit import Visit, inside

NEW = ""
ENDINGS = (".zip", ".csv", ".txt", ".xlsx", ".xlsm", ".xls")
MOST_FILES = 20


class SeveralFiles(forms.ClearableFileInput):
    """A picker for one file or several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or several, each of a kind that we read."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """The files; ValidationError names the one that cannot be taken."""
        chosen = data if isinstance(data, list | tuple) and data else [data or None]
        files = [cast("UploadedFile[Any]", super(FilesField, self).clean(file, initial)) for file in chosen]
        for file in files:
            if not (file.name or "").lower().endswith(ENDINGS):
                raise forms.ValidationError(
                    f"{file.name} is neither a zip, a CSV file nor an Excel workbook (.xlsx, .xls)."
                )
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"Choose at most {MOST_FILES} files, or put them into one zip.")
        most = settings.FIRSTBELL_MAX_UPLOAD_BYTES
        if sum(file.size or 0 for file in files) > most:
            raise forms.ValidationError(f"The files are larger than {filesizeformat(most)} together.")
        return files


class UploadForm(forms.Form):
    """What to upload, and the source that it comes from."""

    package = FilesField(
        label="Roster files",
        help_text="A OneRoster zip (CSV 1.1 or 1.2), its CSV files, or a workbook with a sheet for each."
        " Nothing is applied unseen if it looks wrong.",
    )
    source = forms.ChoiceField(
        label="Where it comes from", required=False, help_text="Files of one source are compared with its last ones."
    )
    new_source = forms.CharField(label="Name of a new source", required=False, max_length=100)
    dry_run = forms.BooleanField(label="Only tell me what would happen", required=False)

    def __init__(self, sources: list[Source], *args: Any, too_large: bool = False, **named: Any) -> None:
        super().__init__(*args, **named)
        self._too_large = too_large
        choices = [(str(source.pk), source.name) for source in sources]
        cast("forms.ChoiceField", self.fields["source"]).choices = [*choices, (NEW, "A new source")]
        self.fields["source"].initial = choices[0][0] if choices else NEW

    def clean(self) -> dict[str, Any]:
        """A new source needs a name."""
        cleaned = super().clean() or {}
        if self._too_large:
            self.errors.pop("package", None)
            most = filesizeformat(settings.FIRSTBELL_MAX_UPLOAD_BYTES)
            self.add_error("package", f"The files are larger than {most} together. Put them into a zip.")
        if cleaned.get("source") == NEW and not (cleaned.get("new_source") or "").strip():
            self.add_error("new_source", "Give the new source a name, such as that of your student information system.")
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def upload(visit: Visit) -> HttpResponseBase:
    """Take files in and begin a run."""
    ensure_may(visit.viewer, Permission.START_RUNS)
    sources = list(Source.objects.filter(district_id=visit.district.pk).order_by("rank"))
    posted = visit.request.method == "POST"
    entered = (visit.request.POST, visit.request.FILES) if posted else ()
    form = UploadForm(sources, *entered, too_large=getattr(visit.request, TOO_LARGE, False))
    if posted and form.is_valid():
        run = receive_files(
            visit.district,
            _source(visit, sources, form.cleaned_data),
            [(file.name or "upload.csv", cast("BinaryIO", file)) for file in form.cleaned_data["package"]],
            by=visit.viewer.actor,
            dry_run=form.cleaned_data["dry_run"],
        )
        later(CARRY_OUT, visit.district, run)
        return redirect(visit.url("run", run.pk))
    context = {"form": form, "crumbs": [Crumb("Runs", visit.url("runs")), Crumb("Upload files")]}
    return show(visit, "runs/upload.html", context, room="runs", status=422 if posted else 200)


def _source(visit: Visit, sources: list[Source], chosen: dict[str, Any]) -> Source:
    if chosen["source"] != NEW:
        return next(source for source in sources if str(source.pk) == chosen["source"])
    name = chosen["new_source"].strip()
    same = next((source for source in sources if source.name == name), None)
    return same or add_source(visit.district, name, by=visit.viewer.actor)
