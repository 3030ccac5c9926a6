"""How large a package may be here: a roster is checked as a whole in memory, so memory is the honest limit."""

from pathlib import Path

import psutil

from firstbell.engine.archive import Limits

BYTES_PER_BYTE = 10
"""Memory that a check takes per byte of unpacked CSV. Measured: 6 to 9 for 100,000 students, whatever is wrong."""

_CGROUPS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def limits_here(unpacked: int | None = None, *, memory: int | None = None) -> Limits:
    """The limits for a package: ``unpacked`` bytes (the engine's own limit if None), or what memory allows if less."""
    wanted = Limits().unpacked if unpacked is None else unpacked
    allowed = (_memory() if memory is None else memory) // BYTES_PER_BYTE
    if allowed < wanted:
        return Limits(unpacked=allowed, because="by the memory of this machine")
    return Limits(unpacked=wanted)


def _memory() -> int:
    """Bytes of memory that this process may use: the machine's, or its container's if that is less."""
    total: int = psutil.virtual_memory().total
    for path in _CGROUPS:
        try:
            total = min(total, int(path.read_text(encoding="ascii")))
        except (OSError, ValueError):  # no such group, or it says max
            continue
    return total
