"""Reads our own templates to canonical tables. Nothing has an id of its own: numbers, names and our published ids tell.

Whether a school, a class or a person is on the roster already is for ``engine.naming`` to say; here a name becomes a
key that is the same in every file that says the same.
"""

from dataclasses import dataclass, field

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.columns import read_files
from firstbell.engine.formats.finding import fits, headers_of
from firstbell.engine.formats.made import enrollments_of
from firstbell.engine.formats.templates import people, places
from firstbell.engine.formats.templates.cells import by_id, items_of, without_examples
from firstbell.engine.formats.templates.layouts import (
    CLASSES,
    FIRSTBELL_ID,
    INSTRUCTIONS,
    LAYOUTS,
    LISTS,
    SCHOOLS,
    SEPARATOR,
    STAFF,
    STUDENTS,
)
from firstbell.engine.formats.templates.words import ROLES
from firstbell.engine.package import Package
from firstbell.engine.reading import Mode, Names, Reading
from firstbell.engine.tables import TABLES

NAME = "Firstbell template"
_SCHOOL_CELLS = {CLASSES.file: ("School name", "School number")}
_PEOPLE = {STUDENTS.file: "student", STAFF.file: "staff"}


@dataclass(slots=True)
class Sheets:
    """The rows of each sheet, and (``_row, key, name, number``) the schools that they refer to."""

    rows: dict[str, pl.DataFrame]
    schools: dict[str, pl.DataFrame] = field(default_factory=dict)

    def mark_faulty(self, reading: Reading, sheet: str, found: pl.DataFrame) -> None:
        """Tell what is wrong with rows, and make nothing of them."""
        if not found.height:
            return
        reading.findings.append(found)
        wrong = found.select(_file="file", _record="record").unique()
        hit = self.rows[sheet].join(wrong, on=["_file", "_record"], how="semi")["_row"].implode()
        self.rows[sheet] = self.rows[sheet].with_columns(_faulty=pl.col("_faulty") | pl.col("_row").is_in(hit))

    def sound(self, sheet: str) -> pl.DataFrame:
        return self.rows[sheet].filter(~pl.col("_faulty"))


def detect(package: Package) -> bool:
    """True where a file has the columns by which one of the sheets is known."""
    return any(fits(header, layout) for header in headers_of(package) for layout in LAYOUTS.values())


def read(package: Package) -> Reading:
    """Every sheet of the package. What is wrong is in ``findings``; nothing is raised for what people wrote."""
    reading = Reading(NAME, "", made=set(TABLES))
    files = read_files(
        package, reading, LAYOUTS.values(), prefix="", left_alone={INSTRUCTIONS.casefold(), LISTS.casefold()}
    )
    rows = {
        name: without_examples(reading, files[name], layout.fields[0].name) if name in files else _no_rows(name)
        for name, layout in LAYOUTS.items()
    }
    sheets = Sheets({name: of_sheet.with_row_index("_row") for name, of_sheet in rows.items()})
    _read_schools(reading, sheets)
    members, named = _place_people(reading, sheets)
    _read_classes(reading, sheets, members, named)
    _read_people(reading, sheets, members)
    reading.names = _names(reading, sheets, files.keys())
    _name_what_is_only_named(reading, sheets)
    reading.tables = {name: table for name, table in reading.tables.items() if table.height}
    reading.modes = dict.fromkeys(reading.tables, Mode.PARTIAL)
    return reading


def _no_rows(name: str) -> pl.DataFrame:
    columns = {one.name: pl.String for one in LAYOUTS[name].fields} | {"sourcedId": pl.String, "_file": pl.String}
    return pl.DataFrame(schema={**columns, "_record": pl.UInt32, "_faulty": pl.Boolean})


def _read_schools(reading: Reading, sheets: Sheets) -> None:
    stated = places.school_rows(sheets.rows[SCHOOLS.file])
    sheets.rows[SCHOOLS.file] = stated
    for sheet in (CLASSES.file, *_PEOPLE):
        names, numbers = _SCHOOL_CELLS.get(sheet, ("Schools", "School numbers"))
        sheets.schools[sheet] = places.schools_of(sheets.rows[sheet], stated, names, numbers)
    aligned = places.one_key_a_name(sheets.schools.values())
    sheets.schools = dict(zip(sheets.schools, aligned, strict=True))
    only = _only_school(sheets)
    for sheet in sheets.schools:
        if only is not None:
            sheets.schools[sheet] = _with_only_school(sheets.rows[sheet], sheets.schools[sheet], only)
    homeless = people.without_school(sheets.rows[CLASSES.file], sheets.schools[CLASSES.file], "School name")
    sheets.mark_faulty(reading, CLASSES.file, homeless)
    references = pl.concat(
        [
            sheets.schools[sheet].join(sheets.sound(sheet).select("_row", "_file"), on="_row", maintain_order="left")
            for sheet in sheets.schools
        ]
    )
    reading.tables["orgs"] = places.org_tables(places.Schools(stated, places.named_schools(stated, references)))


def _only_school(sheets: Sheets) -> str | None:
    """The one school of the whole template, which then need not stand on every row."""
    schools = sheets.rows[SCHOOLS.file].filter(pl.col("type") == "school")["sourcedId"]
    keys = pl.concat([schools, *(part["key"] for part in sheets.schools.values())]).drop_nulls().unique()
    return str(keys[0]) if keys.len() == 1 else None


def _with_only_school(rows: pl.DataFrame, schools: pl.DataFrame, only: str) -> pl.DataFrame:
    silent = rows.filter(pl.col(FIRSTBELL_ID).is_null()).join(schools, on="_row", how="anti").select("_row")
    blank = pl.lit(None, pl.String)
    return pl.concat([schools, silent.with_columns(key=pl.lit(only), name=blank, number=blank)])


def _place_people(reading: Reading, sheets: Sheets) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """By sheet the classes that its people are in, and those classes that have no row of their own."""
    first = sheets.schools[CLASSES.file].group_by("_row", maintain_order=True).agg(school=pl.col("key").first())
    classes = sheets.rows[CLASSES.file].join(first, on="_row", how="left", maintain_order="left")
    key = places.class_key("school", "Class number", "Class name")
    sheets.rows[CLASSES.file] = classes.with_columns(sourcedId=pl.coalesce(FIRSTBELL_ID, key))
    sheets.mark_faulty(reading, CLASSES.file, places.twice_in_a_school(sheets.rows[CLASSES.file]))
    members, named = {}, []
    for sheet, kind in _PEOPLE.items():
        rows = people.with_keys(sheets.rows[sheet], kind, sheets.schools[sheet])
        role = pl.lit("student") if kind == "student" else pl.col("Role").fill_null("teacher")
        sheets.rows[sheet] = rows.with_columns(role=role)
        _tell_same_names(reading, sheets, sheet)
        asked = items_of(sheets.rows[sheet], "Classes", "Class numbers")
        clear, unclear = places.classes_of(asked, sheets.schools[sheet], sheets.rows[CLASSES.file])
        _tell_unclear(reading, sheets, sheet, unclear)
        members[sheet] = clear.filter(pl.col("key").is_not_null())
        named.append(members[sheet].join(sheets.sound(sheet).select("_row", "_file"), on="_row", maintain_order="left"))
    return members, pl.concat(named)


def _tell_same_names(reading: Reading, sheets: Sheets, sheet: str) -> None:
    same = people.same_names(sheets.rows[sheet])
    found = findings.of(same, "name-without-number", column="Last name", value=people.name_of())
    sheets.mark_faulty(reading, sheet, found)


def _tell_unclear(reading: Reading, sheets: Sheets, sheet: str, unclear: pl.DataFrame) -> None:
    rows = unclear.join(sheets.rows[sheet], on="_row", maintain_order="left")
    word = pl.coalesce("name", "number")
    detail = ": the row names several schools"
    sheets.mark_faulty(reading, sheet, findings.of(rows, "name-ambiguous", column="Classes", value=word, detail=detail))


def _read_classes(reading: Reading, sheets: Sheets, members: dict[str, pl.DataFrame], named: pl.DataFrame) -> None:
    stated = sheets.rows[CLASSES.file].filter(~pl.col("_faulty") | pl.col("sourcedId").is_not_null())
    others = (
        named.filter(by_id("name").is_null())
        .join(stated.select(key="sourcedId"), on="key", how="anti")
        .unique("key", maintain_order=True)
    )
    others = others.select(
        "school",
        "_file",
        *(pl.lit(None, pl.String).alias(name) for name in ("Grade", "Room", "Term", "Term begins", "Term ends")),
        sourcedId="key",
        _record=pl.lit(None, pl.UInt32),
        **{"Class name": pl.coalesce("name", "number"), "Class number": pl.col("number")},
    )
    columns = others.columns
    reading.tables |= places.class_tables(pl.concat([stated.select(columns), others]))
    staff = sheets.rows[STAFF.file]
    taught = people.taught_by(sheets.sound(CLASSES.file).drop("_row"), staff)
    rows = [people.enrollment_rows(sheets.rows[sheet], members[sheet]) for sheet in _PEOPLE]
    reading.tables["enrollments"] = enrollments_of(pl.concat([taught, *rows]))


def _read_people(reading: Reading, sheets: Sheets, members: dict[str, pl.DataFrame]) -> None:
    users, roles = [], []
    for sheet, kind in _PEOPLE.items():
        rows = sheets.rows[sheet]
        users.append(people.user_table(reading, rows, sheets.schools[sheet], kind))
        roles.append(people.role_table(rows, sheets.schools[sheet]))
    reading.tables["users"] = pl.concat(users)
    reading.tables["roles"] = pl.concat(roles).unique("sourcedId", keep="first", maintain_order=True)
    reading.tables["demographics"] = people.birth_dates(sheets.rows[STUDENTS.file])


def _names(reading: Reading, sheets: Sheets, files: object) -> Names:
    says: dict[tuple[str, str], set[str]] = {}
    for layout in LAYOUTS.values():
        for file in sheets.rows[layout.file]["_file"].unique().to_list():
            shown = set(reading.columns_of.get(file, {}).values())
            for one in layout.fields:
                if one.name in shown:
                    table, _, column = one.to.partition(".")
                    says.setdefault((table, column), set()).add(file)
    ids = {name: sheets.rows[name][FIRSTBELL_ID].drop_nulls().unique() for name in LAYOUTS}
    persons = pl.concat([ids[STUDENTS.file], ids[STAFF.file]])
    published = {
        "orgs": pl.concat([ids[SCHOOLS.file], *(_ids_in(part, "name") for part in sheets.schools.values())]),
        "classes": pl.concat([ids[CLASSES.file], *(_ids_in(sheets.rows[sheet], "Classes") for sheet in _PEOPLE)]),
        "academicSessions": _ids_in(sheets.rows[CLASSES.file], "Term"),
        "users": persons,
        "demographics": persons,
    }
    return Names(
        says={place: frozenset(of) for place, of in says.items()},
        published=published,
        restated={"roles": _restated(sheets, says, "roles"), "enrollments": _restated(sheets, says, "enrollments")},
        files=frozenset(name for name in LAYOUTS if name in files),  # type: ignore[operator]
    )


def _ids_in(rows: pl.DataFrame, column: str) -> pl.Series:
    """Firstbell IDs that stand where a name could."""
    items = rows.select(item=pl.col(column).str.split(SEPARATOR)).explode("item")
    items = items.select(pl.col("item").str.strip_chars()).select(by_id("item").alias("item"))
    return items["item"].drop_nulls().unique()


def _restated(sheets: Sheets, says: dict[tuple[str, str], set[str]], table: str) -> pl.DataFrame:
    """People known by their Firstbell ID, from files that have a column for all their schools, or classes."""
    column = "orgSourcedId" if table == "roles" else "classSourcedId"
    told = pl.col("_file").is_in(list(says.get((table, column), ())))
    parts = []
    for sheet, kind in _PEOPLE.items():
        rows = sheets.sound(sheet).filter(told & pl.col(FIRSTBELL_ID).is_not_null())
        stated = rows.select("role", key=FIRSTBELL_ID)
        if table == "enrollments":
            parts.append(stated.with_columns(role=people.enrolled_as()))
        else:
            words = pl.DataFrame({"role": ["student"] if kind == "student" else list(ROLES.values())})
            parts.append(stated.select("key").join(words, how="cross").select("role", "key"))
    return pl.concat(parts).unique()


def _name_what_is_only_named(reading: Reading, sheets: Sheets) -> None:
    if reading.names is None:
        return
    stated = {"orgs": sheets.rows[SCHOOLS.file]["sourcedId"], "classes": sheets.rows[CLASSES.file]["sourcedId"]}
    reading.names.named = {
        name: reading.tables[name].filter(~pl.col("sourcedId").is_in(keys.implode()))["sourcedId"]
        for name, keys in stated.items()
    }
