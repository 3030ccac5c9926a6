"""Takes a package in: whatever the door, a run begins with the input sealed in its folder."""

import hashlib
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import RECEIVED, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.models import Source

_CHUNK = 1024 * 1024


def receive(
    district: District, source: Source, package: BinaryIO, *, name: str, by: Actor, dry_run: bool = False
) -> Run:
    """Begin a run with a package (a seekable stream of a zip or CSV file)."""
    digest = hashlib.sha256()
    package.seek(0)
    while chunk := package.read(_CHUNK):
        digest.update(chunk)
    package.seek(0)
    with within(district):
        run = Run.objects.create(
            district_id=district.pk,
            source=source,
            package_name=name[:255],
            started_by=by.name,
            digest=digest.hexdigest(),
            dry_run=dry_run,
        )
        detail = {"source": source.name, "package": run.package_name, "digest": run.digest}
        record(district.pk, "run.received", by=by, subject_kind="run", subject_id=run.pk, detail=detail)
        RunFolder(district, run.pk).write(RECEIVED, package)
    return run


def receive_path(district: District, source: Source, path: Path, *, by: Actor, dry_run: bool = False) -> Run:
    """Begin a run with a file or a folder of this machine; a folder is packed first."""
    with tempfile.TemporaryFile() as packed:
        if path.is_dir():
            _pack(path, cast("BinaryIO", packed))
            return receive(
                district, source, cast("BinaryIO", packed), name=f"{path.resolve().name}.zip", by=by, dry_run=dry_run
            )
    with path.open("rb") as package:
        return receive(district, source, package, name=path.name, by=by, dry_run=dry_run)


def _pack(folder: Path, out: BinaryIO) -> None:
    """Links are packed as nothing: the package must not reach outside its folder."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                # a fixed date: the same files give the same bytes, and so the same digest
                entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), date_time=(1980, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                    while chunk := source.read(_CHUNK):
                        target.write(chunk)
