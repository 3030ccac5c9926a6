"""Takes a package in: whatever the door, a run begins with the input sealed in its folder."""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
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
    district: District,
    source: Source,
    package: BinaryIO,
    *,
    name: str,
    by: Actor,
    dry_run: bool = False,
    replaces: bool = False,
    schools: Iterable[int] | None = None,
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
            replaces=replaces,
            schools=None if schools is None else sorted(schools),
        )
        detail = {"source": source.name, "package": run.package_name, "digest": run.digest}
        record(district.pk, "run.received", by=by, subject_kind="run", subject_id=run.pk, detail=detail)
        RunFolder(district, run.pk).write(RECEIVED, package)
    return run


def receive_again(district: District, before: Run, package: BinaryIO, *, name: str, by: Actor) -> Run:
    """Begin a run with another version of the files of a run before, under the same terms."""
    with within(district):
        run = receive(
            district, before.source, package, name=name, replaces=before.replaces, schools=before.schools, by=by
        )
        run.version_of = before.pk
        run.save(update_fields=["version_of"])
    return run


def receive_files(
    district: District,
    source: Source,
    files: Sequence[tuple[str, BinaryIO]],
    *,
    by: Actor,
    dry_run: bool = False,
    replaces: bool = False,
    schools: Iterable[int] | None = None,
) -> Run:
    """Begin a run with one or several files (name, seekable stream). Several are packed as they are."""
    if len(files) == 1:
        name, package = files[0]
        return receive(district, source, package, name=name, by=by, dry_run=dry_run, replaces=replaces, schools=schools)
    with tempfile.TemporaryFile() as packed:
        _pack(sorted(files, key=lambda file: file[0]), cast("BinaryIO", packed))
        name = f"{len(files)} files.zip"
        package = cast("BinaryIO", packed)
        return receive(district, source, package, name=name, by=by, dry_run=dry_run, replaces=replaces, schools=schools)


def receive_path(
    district: District, source: Source, path: Path, *, by: Actor, dry_run: bool = False, replaces: bool = False
) -> Run:
    """Begin a run with a file or a folder of this machine; a folder is packed first."""
    with tempfile.TemporaryFile() as packed:
        if path.is_dir():
            _pack(_files_of(path), cast("BinaryIO", packed))
            name = f"{path.resolve().name}.zip"
            whole = cast("BinaryIO", packed)
            return receive(district, source, whole, name=name, by=by, dry_run=dry_run, replaces=replaces)
    with path.open("rb") as package:
        return receive(district, source, package, name=path.name, by=by, dry_run=dry_run, replaces=replaces)


def _files_of(folder: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Files by their paths within the folder. Links are left out: the package must not reach outside."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as content:
                yield path.relative_to(folder).as_posix(), content


def _pack(files: Iterable[tuple[str, BinaryIO]], out: BinaryIO) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files:
            # a fixed date: the same files give the same bytes, and so the same digest
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as target:
                while chunk := content.read(_CHUNK):
                    target.write(chunk)
