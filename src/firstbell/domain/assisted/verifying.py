"""Account by account: what was asked for beside what is there. Made once, when a case's files are imported.

It stands in the run's folder, sealed, and goes with it: who is erased is erased from there as well.
"""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, cast

import polars as pl
import xlsxwriter
from django.conf import settings

from firstbell.domain.accounts.queries import who_can_sign_in
from firstbell.domain.assisted.models import Answer, Case
from firstbell.domain.assisted.queries import list_answers
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import ACCOUNTS, FINDINGS, INPUT, RECEIVED, RunFolder, changes_of
from firstbell.domain.imports.limits import limits_here
from firstbell.domain.imports.models import Run
from firstbell.domain.imports.queries import find_run
from firstbell.domain.imports.queries.spelled import corrections_of
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.models import Record, User
from firstbell.engine import findings
from firstbell.engine.asked import SCHEMA, accounts_asked
from firstbell.engine.package import open_package
from firstbell.engine.pipeline import inspect
from firstbell.engine.report.styles import Styles

type Outcome = Literal["created", "changed", "there", "back", "left_out"]
OUTCOMES: dict[Outcome, str] = {
    "created": "Created",
    "changed": "Already there, brought up to date",
    "there": "Already there",
    "back": "Came back",
    "left_out": "Left out",
}


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account that was asked for. ``name_there``: what the roster calls the one that it is."""

    file: str
    record: int
    name: str
    role: str
    outcome: Outcome
    why: str
    person_id: int | None
    name_there: str = ""
    is_on_roster: bool = False
    can_sign_in: bool = False
    answer: Answer | None = None

    @property
    def outcome_in_words(self) -> str:
        return OUTCOMES[self.outcome]

    @property
    def is_other_name(self) -> bool:
        """Whether the roster calls the matched person otherwise."""
        return bool(self.name_there) and self.name_there.casefold() != self.name.casefold()


def keep_accounts(district: District, run: Run) -> None:
    """Put the accounts that the files of an applied run asked for into its folder, with what became of each."""
    folder = RunFolder(district, run.pk)
    name = RECEIVED if folder.has(RECEIVED) else INPUT
    with folder.unpacked(name, Path(run.package_name).suffix or ".zip") as path:
        limits = limits_here(settings.FIRSTBELL_MAX_UNPACKED_BYTES)
        package = open_package(path, name=run.package_name, limits=limits)
        reading, _ = inspect(package, corrections=corrections_of(district, run))
    found = folder.read_frame(FINDINGS)
    asked = accounts_asked(reading, findings.explain(findings.none() if found is None else found))
    keys = asked["key"].drop_nulls().unique().to_list()
    with within(district):
        records = Record.objects.filter(
            district_id=district.pk, source_id=run.source_id, kind=KINDS["users"], source_key__in=keys, present=True
        )
        pairs = list(records.values_list("source_key", "row_id"))
    rows = pl.DataFrame(pairs, schema={"key": pl.String, "row_id": pl.Int64}, orient="row")
    folder.write_frame(ACCOUNTS, _with_outcome(asked, rows, folder.read_frame(changes_of("users"))))


def _with_outcome(asked: pl.DataFrame, rows: pl.DataFrame, changes: pl.DataFrame | None) -> pl.DataFrame:
    done = pl.DataFrame(schema={"row_id": pl.Int64, "action": pl.String}) if changes is None else changes
    done = done.select("row_id", "action").unique("row_id", keep="first")
    joined = asked.join(rows, on="key", how="left", maintain_order="left").join(
        done, on="row_id", how="left", maintain_order="left"
    )
    words = {"added": "created", "updated": "changed", "restored": "back"}
    outcome = (
        pl.when(pl.col("row_id").is_null() | (pl.col("why") != ""))
        .then(pl.lit("left_out"))
        .otherwise(pl.col("action").replace_strict(words, default="there", return_dtype=pl.String))
    )
    return joined.with_columns(outcome=outcome).select(*SCHEMA, "row_id", "outcome")


def list_accounts(district: District, case: Case) -> list[AccountLine]:
    """Every account that the imported files asked for, in the order of the files; none before the import."""
    run = find_run(district, case.run_id) if case.run_id else None
    kept = RunFolder(district, run.pk).read_frame(ACCOUNTS) if run is not None else None
    if kept is None:
        return []
    people = [int(row_id) for row_id in kept["row_id"].drop_nulls().unique().to_list()]
    with within(district):
        found = User.objects.filter(district_id=district.pk, id__in=people)
        there = {one.id: (_name(one.given_name, one.family_name), one.removed_at is None) for one in found}
        sign_in = who_can_sign_in(district, people)
    answers = {(one.file, one.record): one for one in list_answers(district, case)}
    return list(_lines(kept, there, sign_in, answers))


def _lines(
    kept: pl.DataFrame,
    there: dict[int, tuple[str, bool]],
    sign_in: Iterable[int],
    answers: dict[tuple[str, int], Answer],
) -> Iterator[AccountLine]:
    can = set(sign_in)
    names = ("file", "record", "name", "role", "outcome", "why", "row_id")
    for file, record, name, role, outcome, why, row_id in zip(*(kept[one].to_list() for one in names), strict=True):
        name_there, is_there = there.get(row_id, ("", False))
        yield AccountLine(
            file,
            record,
            name,
            role,
            cast("Outcome", outcome),
            why,
            row_id,
            name_there,
            is_there,
            row_id in can,
            answers.get((file, record)),
        )


def _name(given: str | None, family: str | None) -> str:
    return f"{given or ''} {family or ''}".strip()


def accounts_as_workbook(lines: Iterable[AccountLine]) -> bytes:
    """The same as an Excel workbook, every cell as text."""
    out = io.BytesIO()
    with TemporaryDirectory(prefix="firstbell-") as folder:  # pieces of a sheet hold people: none may be left behind
        options = {"strings_to_formulas": False, "strings_to_urls": False, "tmpdir": folder}
        book = xlsxwriter.Workbook(out, options)
        styles = Styles(book)
        page = book.add_worksheet("Accounts")
        for place, (name, width) in enumerate(_COLUMNS):
            page.set_column(place, place, width, styles.text)
            page.write_string(0, place, name, styles.head)
        for row, line in enumerate(lines, start=1):
            for place, cell in enumerate(_cells(line)):
                page.write_string(row, place, cell, styles.text)
        page.freeze_panes(1, 2)
        book.close()
    return out.getvalue()


_COLUMNS = (
    ("Asked for", 28),
    ("Role", 12),
    ("File", 20),
    ("Record", 8),
    ("What became of it", 30),
    ("On the roster as", 28),
    ("Why it was left out", 50),
    ("Can sign in", 12),
    ("The district says", 16),
    ("What is wrong", 40),
    ("Answer", 40),
)


def _cells(line: AccountLine) -> tuple[str, ...]:
    answer = line.answer
    return (
        line.name,
        line.role,
        line.file,
        str(line.record),
        line.outcome_in_words,
        line.name_there,
        line.why,
        "Yes" if line.can_sign_in else "No",
        answer.get_verdict_display() if answer else "",
        answer.note if answer else "",
        answer.reply if answer else "",
    )
