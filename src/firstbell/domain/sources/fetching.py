"""Where a fetch leaves its files: a folder of the sync's own, which stays while the sync is going to be tried again.

So a pull that was cut off in its tenth hour goes on where it was, on the same machine. On another one it begins anew.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from firstbell.domain.districts.models import District
from firstbell.domain.sources.models import Sync

KEPT_SECONDS = 24 * 3600
"""So long what was left may wait for its next try. It is no older when it is of use."""


def fetching_folder() -> Path:
    """Where the folders of all syncs are."""
    return Path(settings.FIRSTBELL_HOME) / "fetching"


@contextmanager
def fetched_into(district: District, sync: Sync) -> Iterator[Path]:
    """The folder of a sync, readable by us only; gone afterwards, unless the sync is still open."""
    home = fetching_folder()
    _sweep(home)
    folder = home / f"{district.pk}-{sync.pk}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        yield folder
    except Exception:  # a fault of ours: nobody goes on from there
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if not sync.is_open:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(home: Path) -> None:
    """What nobody came back for: the sync was tried on another machine, or is gone with its district."""
    if not home.is_dir():
        return
    for folder in home.iterdir():
        try:
            is_old = folder.stat().st_mtime < time.time() - KEPT_SECONDS
        except FileNotFoundError:  # another worker's, done just now
            continue
        if is_old:
            shutil.rmtree(folder, ignore_errors=True)
