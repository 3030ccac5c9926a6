"""The formats that a roster can be written in, by the names that ``firstbell convert --to`` knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from firstbell.engine import formats
from firstbell.engine.formats.clever import write as clever
from firstbell.engine.formats.losses import find_losses
from firstbell.engine.formats.note import Written
from firstbell.engine.formats.oneroster.write import write as write_oneroster
from firstbell.engine.formats.sds_v2 import write as sds_v2
from firstbell.engine.package import open_package


@dataclass(frozen=True, slots=True)
class Target:
    """One format to write: how, and which tables come back under other ids (see ``losses.find_losses``)."""

    write: Callable[[Mapping[str, pl.DataFrame], Path], Written]
    made: frozenset[str] = frozenset()
    renumbered: frozenset[str] = frozenset()


TARGETS: dict[str, Target] = {
    "oneroster-1.1": Target(partial(write_oneroster, version="1.1"), renumbered=frozenset({"roles"})),
    "oneroster-1.2": Target(partial(write_oneroster, version="1.2")),
    "sds-2.1": Target(sds_v2.write, sds_v2.MADE, sds_v2.RENUMBERED),
    "clever": Target(clever.write, clever.MADE, clever.RENUMBERED),
}


def write_as(name: str, tables: Mapping[str, pl.DataFrame], out: Path) -> Written:
    """Write tables (as ``check`` leaves them) in a format, read the package back, and note all that it does not carry.

    Raises KeyError for a format that is not among ``TARGETS``, and OSError.
    """
    target = TARGETS[name]
    live = {
        table: rows.filter(pl.col("_status") == "active") if "_status" in rows.columns else rows
        for table, rows in tables.items()
    }
    written = target.write(live, out)
    back = formats.read(open_package(out)).tables
    losses = find_losses(live, back, made=target.made, renumbered=target.renumbered, told=written.notes)
    return Written(written.files, (*written.notes, *losses))
