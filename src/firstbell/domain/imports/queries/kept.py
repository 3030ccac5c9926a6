"""The input of a run as it is kept: as it came, with its password columns blank."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import INPUT, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.models import Source

_LAST_FEW = 10


def has_kept_input(district: District, run: Run) -> bool:
    """Whether the input is there to be had; while a run waits it is sealed away with its passwords."""
    return RunFolder(district, run.pk).has(INPUT)


def find_last_kept(district: District, source: Source) -> Run | None:
    """The newest import of a source whose input is kept, among its last few."""
    with within(district):
        runs = Run.objects.filter(district_id=district.pk, source_id=source.pk, kind="import").order_by("-id")
        return next((run for run in runs[:_LAST_FEW] if has_kept_input(district, run)), None)


@contextmanager
def open_kept_input(district: District, run: Run) -> Iterator[tuple[str, BinaryIO]]:
    """The name that fits the content, and the content. Raises FileNotFoundError where none is kept."""
    with RunFolder(district, run.pk).open(INPUT) as content:
        stem = Path(run.package_name).stem or f"run-{run.pk}"
        packed = zipfile.is_zipfile(content)
        content.seek(0)
        yield f"{stem}.zip" if packed else run.package_name, content
