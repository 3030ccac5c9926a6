"""People of a template: who a row means, what they are in their schools, and which classes they are in."""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.made import as_table, made_id, roles_of
from firstbell.engine.formats.people import once_each, only_school, people_rows
from firstbell.engine.formats.templates.cells import folded, items_of
from firstbell.engine.formats.templates.layouts import FIRSTBELL_ID
from firstbell.engine.formats.templates.words import ENROLLED_AS, OTHERWISE_ENROLLED
from firstbell.engine.reading import Reading

STAFF_NUMBER, STUDENT_NUMBER = "Staff number", "Student number"
_COLUMNS = {
    "First name": "givenName",
    "Last name": "familyName",
    "Middle name": "middleName",
    "Preferred first name": "preferredGivenName",
    "Username": "username",
    "Password": "password",
    "Email": "email",
    "Phone": "phone",
}


def with_keys(rows: pl.DataFrame, kind: str, schools: pl.DataFrame) -> pl.DataFrame:
    """The rows with ``sourcedId``: the Firstbell ID, else made of number, username, e-mail, or the name in its school.

    ``kind``: student or staff, who may be numbered alike. ``schools``: ``_row, key`` of each row's schools.
    """
    first = schools.group_by("_row", maintain_order=True).agg(_school=pl.col("key").first())
    number = STUDENT_NUMBER if kind == "student" else STAFF_NUMBER
    rows = rows.join(first, on="_row", how="left", maintain_order="left")
    who = [pl.lit("made"), pl.lit(kind)]
    by_name = [*who, pl.lit("name"), pl.col("_school").fill_null("-"), folded("First name"), folded("Last name")]
    return rows.with_columns(
        sourcedId=pl.coalesce(
            FIRSTBELL_ID,
            made_id(*who, pl.lit("number"), pl.col(number).str.to_lowercase()),
            made_id(*who, pl.lit("username"), pl.col("Username").str.to_lowercase()),
            made_id(*who, pl.lit("email"), pl.col("Email").str.to_lowercase()),
            made_id(*by_name),
        ),
        identifier=pl.col(number),
        _by_name=pl.all_horizontal(pl.col(FIRSTBELL_ID, number, "Username", "Email").is_null()),
    )


def same_names(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of people whom nothing but their name tells apart, and which stand there more than once."""
    by_name = rows.filter(pl.col("_by_name") & pl.col("sourcedId").is_not_null())
    return by_name.filter(pl.col("sourcedId").is_duplicated())


def name_of() -> pl.Expr:
    """First and last name in one."""
    return pl.concat_str("First name", "Last name", separator=" ", ignore_nulls=True)


def user_table(reading: Reading, rows: pl.DataFrame, schools: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Users; a person on several rows is one, and rows that contradict each other are told."""
    number = STUDENT_NUMBER if kind == "student" else STAFF_NUMBER
    extra = {"Grade": "grades", "May sign in": "enabledUser"} if kind == "student" else {}
    named = rows.rename(_COLUMNS | extra)
    people, told = once_each(people_rows(named), {"sourcedId": number})
    reading.findings += [reading.in_words_of_the_file(part) for part in told]
    places = rows.select("_row", "sourcedId").join(
        schools.select("_row", orgSourcedId="key"), on="_row", maintain_order="left"
    )
    people = people.join(only_school(places, None), on="sourcedId", how="left", maintain_order="left")
    if kind == "student":
        state = rows.select("sourcedId", userMasterIdentifier="State number").drop_nulls().unique("sourcedId")
        people = people.join(state, on="sourcedId", how="left", maintain_order="left")
    names = rows.select("sourcedId", preferredGivenName="Preferred first name").drop_nulls().unique("sourcedId")
    return as_table(people.join(names, on="sourcedId", how="left", maintain_order="left"), "users")


def role_table(rows: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """What each person (``_row, sourcedId, role``) is in each school."""
    places = rows.join(schools.select("_row", "key"), on="_row", maintain_order="left")
    return roles_of(places.select("role", "_file", "_record", userSourcedId="sourcedId", orgSourcedId="key"))


def enrollment_rows(rows: pl.DataFrame, classes: pl.DataFrame) -> pl.DataFrame:
    """Members of classes (``_row, key, school``) as ``enrollments_of`` takes them."""
    members = rows.join(classes.select("_row", "key", "school"), on="_row", maintain_order="left")
    return members.select(
        "_file",
        "_record",
        classSourcedId="key",
        schoolSourcedId="school",
        userSourcedId="sourcedId",
        role=enrolled_as(),
    )


def enrolled_as() -> pl.Expr:
    """What somebody is in a class who has this role in a school."""
    return pl.col("role").replace_strict(ENROLLED_AS, default=OTHERWISE_ENROLLED, return_dtype=pl.String)


def taught_by(classes: pl.DataFrame, staff: pl.DataFrame) -> pl.DataFrame:
    """The teachers that classes name by e-mail, username, number, Firstbell ID or full name, as members.

    ``staff``: the rows of the same template. Whom it does not name is looked for on the roster, under a key of its own.
    """
    rows = classes.with_row_index("_row").with_columns(_none=pl.lit(None, pl.String))
    asked = items_of(rows, "Teachers", "_none").with_columns(_name=folded("name"))
    words = [pl.col("Email"), pl.col("Username"), pl.col(STAFF_NUMBER), pl.col(FIRSTBELL_ID), name_of()]
    called = pl.concat([staff.select("sourcedId", _name=word) for word in words]).drop_nulls()
    called = called.with_columns(_name=folded("_name")).unique().filter(~pl.col("_name").is_duplicated())
    met = asked.join(called, on="_name", how="left", maintain_order="left")
    met = met.with_columns(sourcedId=pl.coalesce("sourcedId", reference_key(pl.col("name"))))
    told = rows.select("_row", "_file", "_record", classSourcedId="sourcedId", schoolSourcedId="school")
    joined = met.join(told, on="_row", maintain_order="left")
    return joined.select(
        "_file", "_record", "classSourcedId", "schoolSourcedId", userSourcedId="sourcedId", role=pl.lit("teacher")
    )


REFERENCE = "made/person/"
"""How the key of a person begins whom a template only refers to."""


def reference_key(word: pl.Expr) -> pl.Expr:
    """The key of a person by whatever word they are referred to; it can be read back."""
    return pl.concat_str(pl.lit(REFERENCE), word.str.strip_chars())


def without_school(rows: pl.DataFrame, schools: pl.DataFrame, column: str) -> pl.DataFrame:
    """Findings of new rows that do not say their school."""
    placed = schools["_row"].unique().implode()
    lost = rows.filter(~pl.col("_row").is_in(placed) & pl.col(FIRSTBELL_ID).is_null())
    return findings.of(lost, "value-missing", column=column)


def birth_dates(rows: pl.DataFrame) -> pl.DataFrame:
    """Demographics of the students whose birth date is told."""
    told = rows.filter(pl.col("Birth date").is_not_null() & pl.col("sourcedId").is_not_null())
    once = told.unique("sourcedId", keep="first", maintain_order=True)
    return as_table(once.rename({"Birth date": "birthDate"}), "demographics")
