"""Keeps the input of a run for good: as received, but with its password columns blank.

A password column is one that names a password, or that the source's corrections read as one: those of today and those
with which the run was planned, since somebody may have changed them while it waited. A file whose first line names no
columns that we know is not kept: nobody can tell which of its cells are passwords. Where the source has a scope, what
is outside is blank too, and files of which nobody can tell are not kept.
"""

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, cast

import polars as pl
from django.conf import settings

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import INPUT, PASSWORDS, RECEIVED, SECRETS, RunFolder
from firstbell.domain.imports.limits import limits_here
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queries.spelled import corrections_of
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.next_year import scope_of
from firstbell.domain.roster.sources import policy_of
from firstbell.engine.corrections.kinds import Corrections
from firstbell.engine.corrections.parsing import as_settings
from firstbell.engine.corrections.secrets import knows_header, secret_part, secret_places
from firstbell.engine.csvfile import read_csv, read_header
from firstbell.engine.package import Package, open_package
from firstbell.engine.scope_files import Outside, find_outside

NOT_KEPT = "This file was not kept: its header is not known, or its passwords could not be told from the rest.\n"
OUTSIDE = "This file was not kept: the district does not take what is in it.\n"


def keep_input(district: District, run: Run) -> None:
    """Put ``input.zip`` in the place of what was received, and forget passwords that nobody will need.

    Does nothing when that has happened already.
    """
    folder = RunFolder(district, run.pk)
    if run.state != RunState.APPLIED:
        folder.delete(PASSWORDS)
    if not folder.has(RECEIVED):
        return
    if _was_kept_as_it_came(district, run):
        with folder.open(RECEIVED) as plain:
            folder.write(INPUT, plain)
    else:
        with within(district):
            source = Source.objects.get(pk=run.source_id)
            scope = scope_of(source, policy_of(source), staged=run.staged)
        _keep_inside(run, folder, corrections_of(district, run), scope)
    folder.delete(RECEIVED)
    folder.delete(SECRETS)


def _keep_inside(run: Run, folder: RunFolder, corrections: Corrections, scope: Mapping[str, Sequence[str]]) -> None:
    with folder.unpacked(RECEIVED, Path(run.package_name).suffix) as path, tempfile.TemporaryFile() as kept:
        package = open_package(path, name=run.package_name, limits=limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES))
        outside = find_outside(package, corrections, scope)
        if package.usable and not any(
            outside.touches(name) or _may_hold_password(package, name, corrections) for name in package
        ):
            with path.open("rb") as plain:
                folder.write(INPUT, plain)
        else:
            _write_blanked(package, cast("BinaryIO", kept), corrections, outside)
            kept.seek(0)
            folder.write(INPUT, cast("BinaryIO", kept))


def _was_kept_as_it_came(district: District, run: Run) -> bool:
    """Whether a run of the same bytes under the same settings kept them as they came: then they hold no passwords."""
    with within(district):
        alike = Run.objects.filter(district_id=district.pk, source_id=run.source_id, digest=run.digest, pk__lt=run.pk)
        earlier = alike.filter(fingerprint=run.fingerprint).exclude(fingerprint="").order_by("-id").first()
    folder = RunFolder(district, earlier.pk) if earlier else None
    if folder is None or not folder.has(INPUT):
        return False
    with folder.open(INPUT) as kept:
        return hashlib.file_digest(cast("io.BufferedReader", kept), "sha256").hexdigest() == run.digest


def note_secrets(district: District, run: Run, corrections: Corrections) -> None:
    """Keep with a run that is planned which columns its source's corrections read as passwords."""
    folder, secret = RunFolder(district, run.pk), secret_part(corrections)
    if secret or folder.has(SECRETS):
        folder.write(SECRETS, io.BytesIO(json.dumps(as_settings(secret)).encode()))


def _may_hold_password(package: Package, name: str, corrections: Corrections) -> bool:
    """Whether a password column stands in the header, however it is spelled, and has a value or cannot be read.

    Also where nothing that could be a header was found: then any cell may be one.
    """
    header = read_header(package.head(name))
    if not knows_header(corrections, header):
        return True
    if not secret_places(corrections, header):
        return False
    content = package.read(name)
    file = read_csv(name, content or b"")
    places = [str(place) for place in secret_places(corrections, file.header)]
    return file.records.height < file.total or any((file.records[place].fill_null("") != "").any() for place in places)


def _write_blanked(package: Package, out: BinaryIO, corrections: Corrections, outside: Outside) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name in package:
            archive.writestr(name, _blanked(package, name, corrections, outside))


def _blanked(package: Package, name: str, corrections: Corrections, outside: Outside) -> bytes:
    if name in outside.files:
        return OUTSIDE.encode()
    content = package.read(name)
    if content is None or not knows_header(corrections, read_header(package.head(name))):
        return NOT_KEPT.encode()
    if not outside.touches(name) and not _may_hold_password(package, name, corrections):
        return content
    file = read_csv(name, content)
    secret = [str(place) for place in secret_places(corrections, file.header)]
    if file.records.height < file.total or len(set(file.header)) < len(file.header):
        return NOT_KEPT.encode()
    inside = outside.without(name, file.header, file.records)
    rows = inside.drop("_record").with_columns(pl.lit(None, pl.String).alias(place) for place in secret)
    return rows.rename({str(place): column for place, column in enumerate(file.header)}).write_csv().encode()
