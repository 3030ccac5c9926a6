"""What a run found: summed up by root cause, and row by row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import FOUND_AT, RunFolder
from firstbell.domain.imports.models import Acknowledgement, Run
from firstbell.domain.imports.queries.acknowledged import KNOWN, Place, in_words, mark_known
from firstbell.engine import findings
from firstbell.engine.report import NOTE, Cause, as_csv, as_json, by_cause
from firstbell.engine.reported import OpenColumns

WITHHELD = "…"
_LAST_FEW = 10
_AT = ["file", "record"]
_TELL_NOUNS = ("reference-missing", "reference-dropped")
"""Findings whose ``detail`` is a word of ours ("people"), never of anybody's record."""
_OF_THE_FILE = ("encoding", "file-found-by-header", "line-before-header", "separator", "sheet-read")
"""Findings that tell how a file was read and nothing of its cells."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a reader may not see of a run's files: all, or all but what is ``open`` (None: nothing is hidden)."""

    everywhere: bool = False
    open: OpenColumns | None = None

    def has_rows_of(self, file: str) -> bool:
        """Whether the rows of a file are among what is hidden."""
        return self.everywhere or (self.open is not None and self.open.get(file, ()) is not None)

    def in_findings(self) -> pl.Expr:
        """True for findings whose values are hidden. Those of the package as a whole, without a file, hold no cells."""
        if self.everywhere or self.open is None:
            return pl.lit(self.everywhere)
        whole = [file for file, columns in self.open.items() if columns is None]
        # Without a column, but with an id, a finding tells of a record what it is called.
        of_record = pl.col("column").is_null() & pl.col("sourcedId").is_not_null()
        told = [
            pl.col("file").is_null(),
            pl.col("file").is_in(whole),
            pl.col("code").is_in(_OF_THE_FILE),
            *(
                (pl.col("file") == file) & (pl.col("column").is_in(columns) | of_record)
                for file, columns in self.open.items()
                if columns
            ),
        ]
        return ~pl.any_horizontal(*(expression.fill_null(value=False) for expression in told))


NOTHING_HIDDEN = Hidden()


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding: what is wrong, where, and what to do."""

    code: str
    severity: str
    file: str
    record: int | None
    column: str
    value: str
    sourced_id: str
    message: str
    remedy: str
    known: Acknowledgement | None = None


@dataclass(frozen=True, slots=True)
class FindingPage:
    """Some findings and how many there are."""

    rows: list[FindingRow]
    total: int


@dataclass(frozen=True, slots=True)
class KnownCause:
    """A cause that somebody has acknowledged, or one record of it."""

    acknowledgement: Acknowledgement
    cause: Cause


@dataclass(frozen=True, slots=True)
class Summary:
    """Findings by root cause, the gravest first, each with what follows from it; and apart, what is known already.

    ``count`` and ``known_count`` are the findings of each.
    """

    causes: list[Cause]
    known: list[KnownCause]
    count: int
    known_count: int


def summarize_findings(
    district: District, run: Run, *, hidden: Hidden = NOTHING_HIDDEN, known: Sequence[Acknowledgement] = ()
) -> Summary:
    """What a run found; ``known``: what is acknowledged today."""
    found = find_findings(district, run, hidden=hidden, known=known)
    if found is None:
        return Summary([], [], 0, 0)
    loud, quiet = found.filter(pl.col(KNOWN).is_null()), found.filter(pl.col(KNOWN).is_not_null())
    return Summary(by_cause(loud), known_causes(quiet, known), loud.height, quiet.height)


def known_causes(quiet: pl.DataFrame, known: Sequence[Acknowledgement]) -> list[KnownCause]:
    """By what covers them. What follows from a cause is told by itself, unless it is acknowledged too."""
    return [KnownCause(each, cause) for each in known for cause in by_cause(quiet.filter(pl.col(KNOWN) == each.pk))]


def count_known(district: District, run: Run, *, known: Sequence[Acknowledgement]) -> dict[str, int]:
    """How many findings of each severity are acknowledged."""
    found = find_findings(district, run, known=known) if known else None
    return {} if found is None else findings.counts(found.filter(pl.col(KNOWN).is_not_null()))


def page_findings(
    district: District,
    run: Run,
    *,
    wanted: Place | None = None,
    schools: Collection[int] | None = None,
    hidden: Hidden = NOTHING_HIDDEN,
    known: Sequence[Acknowledgement] = (),
    offset: int = 0,
    limit: int = 50,
) -> FindingPage:
    """Findings in the order they were found, the known ones last; of a code, file and column as far as named.

    ``schools``: those at some schools only (row ids), with the cells of their records (``find_findings_at``).
    """
    if schools is None:
        found = find_findings(district, run, hidden=hidden, known=known)
    else:
        found = find_findings_at(district, run, schools, hidden=hidden, known=known)
    if found is None:
        return FindingPage([], 0)
    for name in ("code", "file", "column") if wanted else ():
        if said := getattr(wanted, name):
            found = found.filter(pl.col(name) == said)
    last = found.sort(pl.col(KNOWN).is_not_null(), maintain_order=True)
    shown = findings.explain(last.slice(offset, limit))
    names = ("code", "severity", "file", "record", "column", "value", "sourcedId", "message", "remedy", KNOWN)
    by_id = {each.pk: each for each in known}
    columns = [shown[name].to_list() for name in names]
    rows = [
        FindingRow(a, b, c or "", record, d or "", e or "", f or "", message, remedy, by_id.get(covered))
        for a, b, c, record, d, e, f, message, remedy, covered in zip(*columns, strict=True)
    ]
    return FindingPage(rows, found.height)


def findings_as_text(
    district: District,
    run: Run,
    *,
    ending: str,
    hidden: Hidden = NOTHING_HIDDEN,
    known: Sequence[Acknowledgement] = (),
) -> str:
    """All findings as a report: ``.csv`` or ``.json``, as ``firstbell check`` writes them. Raises ValueError.

    What is known stands in it like all others, with who acknowledged it, why and until when.
    """
    if ending not in {".csv", ".json"}:
        raise ValueError(ending)
    found = find_findings(district, run, hidden=hidden, known=known)
    found = findings.none() if found is None else found
    words = {each.pk: in_words(each) for each in known}
    told = found.with_columns(pl.col(KNOWN).replace_strict(words, default=None, return_dtype=pl.String).alias(NOTE))
    return as_csv(told) if ending == ".csv" else as_json(run.files, told)


def find_findings(
    district: District, run: Run, *, hidden: Hidden = NOTHING_HIDDEN, known: Sequence[Acknowledgement] = ()
) -> pl.DataFrame | None:
    """The findings of a run (``engine.findings.SCHEMA`` and ``known``) without what is hidden; None before there are.

    Those of a file that came before are those of the run that read it.
    """
    found = _read(district, run)
    if found is None:
        return None
    found = mark_known(found, known)
    secret = hidden.in_findings()
    nothing = pl.lit(None, pl.String)
    told = [
        pl.when(secret).then(nothing).otherwise(pl.col(name)).alias(name) for name in ("sourcedId", "detail", "hint")
    ]
    value = pl.when(secret & pl.col("value").is_not_null()).then(pl.lit(WITHHELD)).otherwise(pl.col("value"))
    return found.with_columns(*told, value.alias("value"))


def find_findings_at(
    district: District,
    run: Run,
    schools: Collection[int],
    *,
    hidden: Hidden,
    known: Sequence[Acknowledgement] = (),
) -> pl.DataFrame | None:
    """The findings at some schools, with the cells of their records, which are the school's own; what is told beside
    (``detail``, ``hint``) may be of another's, and stays hidden. None before it is known where findings are."""
    at = RunFolder(district, run.pk).read_frame(FOUND_AT)
    shown = find_findings(district, run, hidden=replace(hidden, everywhere=False), known=known)
    if at is None or shown is None:
        return None
    if hidden.everywhere:
        detail = pl.when(pl.col("code").is_in(_TELL_NOUNS)).then("detail")
        shown = shown.with_columns(detail, pl.lit(None, pl.String).alias("hint"))
    here = at.filter(pl.col("school").is_in(sorted(schools))).unique(_AT)
    return shown.join(here, on=_AT, how="semi", maintain_order="left")


def _read(district: District, run: Run) -> pl.DataFrame | None:
    found = RunFolder(district, run.pk).read_findings()
    if found is not None or not run.fingerprint:
        return found
    with within(district):
        same = Run.objects.filter(district_id=district.pk, source_id=run.source_id, fingerprint=run.fingerprint)
        earlier = list(same.filter(pk__lt=run.pk).order_by("-id").values_list("pk", flat=True)[:_LAST_FEW])
    frames = (RunFolder(district, pk).read_findings() for pk in earlier)
    return next((frame for frame in frames if frame is not None), None)
