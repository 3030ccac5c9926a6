"""Templates for a district: empty with its schools and terms to choose from, or filled in with its roster."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.db.models import QuerySet

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import AcademicSession, Org
from firstbell.domain.roster.queries.scope import WHOLE_DISTRICT, Scope
from firstbell.domain.roster.standing import read_live
from firstbell.engine.formats.templates.examples import CHOSEN
from firstbell.engine.formats.templates.layouts import LAYOUTS, SCHOOLS
from firstbell.engine.formats.templates.sheets import exported, sheets_of
from firstbell.engine.formats.templates.write import KINDS, Template, write_csv, write_workbook
from firstbell.engine.tables import TABLES

TABLES_OF_LISTS = ("orgs", "academicSessions", "classes", "users", "roles", "enrollments", "demographics")
OF_DEMOGRAPHICS = frozenset({"Birth date"})
WORKBOOK, CSV = ".xlsx", ".csv"
_NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """A file to hand out: how it ends, and what is in it."""

    ending: str
    content: bytes


def columns_to_choose(kind: str, *, sees_demographics: bool) -> dict[str, list[tuple[str, bool, bool]]]:
    """By sheet its columns: name, whether it always comes, and whether it comes where nobody chose."""
    return {
        sheet: [
            (one.name, one.required, one.required or one.name in CHOSEN[sheet])
            for one in LAYOUTS[sheet].fields
            if sees_demographics or one.name not in OF_DEMOGRAPHICS
        ]
        for sheet in KINDS[kind]
    }


def make_template(
    district: District,
    kind: str,
    *,
    columns: Mapping[str, Sequence[str]],
    ending: str,
    filled: bool = False,
    sees_demographics: bool = False,
    scope: Scope = WHOLE_DISTRICT,
    schools: Sequence[str] = (),
) -> TemplateFile:
    """A template of a kind (``KINDS``) as a workbook or as CSV, several CSV files in a zip.

    ``filled``: with the roster in it, and every column that can come back. ``schools``: names to choose from that may
    not be on the roster yet, and the rows of an empty template's sheet of schools. Of the roster it holds nothing
    beyond the ``scope``. Raises KeyError for another kind.
    """
    sheets = KINDS[kind]
    with within(district):
        rows = roster_as_sheets(district, scope) if filled else _named_schools(schools)
        template = Template(
            sheets,
            _columns(sheets, columns, filled=filled, sees_demographics=sees_demographics),
            {name: rows[name] for name in sheets if name in rows},
            _with_more(_names(_schools(district, scope), "name"), schools),
            _names(AcademicSession.objects.filter(district_id=district.pk, removed_at=None), "title"),
        )
    if ending == WORKBOOK:
        return TemplateFile(WORKBOOK, write_workbook(template))
    if len(sheets) == 1:
        return TemplateFile(CSV, write_csv(template, sheets[0]))
    return TemplateFile(".zip", _zipped({f"{sheet}.csv": write_csv(template, sheet) for sheet in sheets}))


def roster_as_sheets(district: District, scope: Scope = WHOLE_DISTRICT) -> dict[str, pl.DataFrame]:
    """Everyone and everything of the scope that lists can say, by sheet."""
    tables = {name: read_live(district, TABLES[name]) for name in TABLES_OF_LISTS}
    return sheets_of(tables if scope.schools is None else _within(tables, scope.schools))


def _within(tables: dict[str, pl.DataFrame], schools: frozenset[int]) -> dict[str, pl.DataFrame]:
    """Schools, their classes, those who have a role there, and of these the roles and places that are there."""
    here = pl.lit(pl.Series(sorted(schools), dtype=pl.Int64)).implode()
    roles = tables["roles"].filter(pl.col("orgSourcedId").is_in(here))
    classes = tables["classes"].filter(pl.col("schoolSourcedId").is_in(here))
    people = roles["userSourcedId"].implode()
    places = pl.col("classSourcedId").is_in(classes["row_id"].implode()) & pl.col("userSourcedId").is_in(people)
    return tables | {
        "orgs": tables["orgs"].filter(pl.col("row_id").is_in(here)),
        "classes": classes,
        "users": tables["users"].filter(pl.col("row_id").is_in(people)),
        "demographics": tables["demographics"].filter(pl.col("row_id").is_in(people)),
        "roles": roles,
        "enrollments": tables["enrollments"].filter(places),
    }


def _columns(
    sheets: Sequence[str], chosen: Mapping[str, Sequence[str]], *, filled: bool, sees_demographics: bool
) -> dict[str, list[str]]:
    wanted = {sheet: exported(sheet) if filled else chosen.get(sheet) or CHOSEN[sheet] for sheet in sheets}
    hidden = frozenset() if sees_demographics else OF_DEMOGRAPHICS
    return {sheet: [name for name in names if name not in hidden] for sheet, names in wanted.items()}


def _schools(district: District, scope: Scope) -> QuerySet[Org]:
    schools = Org.objects.filter(district_id=district.pk, removed_at=None, type="school")
    return schools if scope.schools is None else schools.filter(id__in=scope.schools)


def _names(rows: QuerySet[Org] | QuerySet[AcademicSession], column: str) -> tuple[str, ...]:
    return tuple(sorted({name for name in rows.values_list(column, flat=True) if name}, key=str.casefold))


def _named_schools(schools: Sequence[str]) -> dict[str, pl.DataFrame]:
    """The sheet of schools with these names in it; nothing where there are none."""
    if not schools:
        return {}
    blank = {one.name: pl.lit(None, pl.String) for one in LAYOUTS[SCHOOLS.file].fields}
    return {
        SCHOOLS.file: pl.DataFrame({"School name": list(schools)}).with_columns(
            **blank | {"School name": pl.col("School name")}
        )
    }


def _with_more(names: tuple[str, ...], more: Sequence[str]) -> tuple[str, ...]:
    known = {name.casefold() for name in names}
    return (*names, *(name for name in more if name.casefold() not in known))


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=_NO_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
