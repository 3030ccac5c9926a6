"""The input of a run as it is kept: as it came, with its password columns blank."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from firstbell.domain.districts.models import District
from firstbell.domain.imports.folder import INPUT, RunFolder
from firstbell.domain.imports.models import Run


def has_kept_input(district: District, run: Run) -> bool:
    """Whether the input is there to be had; while a run waits it is sealed away with its passwords."""
    return RunFolder(district, run.pk).has(INPUT)


@contextmanager
def open_kept_input(district: District, run: Run) -> Iterator[tuple[str, BinaryIO]]:
    """The name that fits the content, and the content. Raises FileNotFoundError where none is kept."""
    with RunFolder(district, run.pk).open(INPUT) as content:
        stem = Path(run.package_name).stem or f"run-{run.pk}"
        packed = zipfile.is_zipfile(content)
        content.seek(0)
        yield f"{stem}.zip" if packed else run.package_name, content
