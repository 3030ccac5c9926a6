"""Parents and guardians: words on the rows of students.csv, and people of their own here."""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.clever.words import FAMILY_READ
from firstbell.engine.formats.made import made_id
from firstbell.engine.formats.people import nobody, people_rows, word_of
from firstbell.engine.reading import Reading


def contacts_of(reading: Reading, files: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """A row for each contact of each pupil, as people; ``students`` is the pupil's id.

    A contact without an id of its own is known by its pupil and its name.
    """
    students = files.get("students")
    if students is None or not students.height:
        return nobody()
    said = pl.any_horizontal(pl.col("Contact_name", "Contact_sis_id", "Contact_email").is_not_null())
    named = students.filter(said & pl.col("sourcedId").is_not_null())
    words = pl.col("Contact_name").str.replace_all(r"\s+", " ").str.strip_chars()
    whole = words.str.contains(" ", literal=True).fill_null(value=False)
    without = named.filter(~whole)
    reading.findings.append(
        findings.of(without, "contact-left-out", column="Contact_name", value=pl.col("Contact_name"))
    )
    contacts = named.filter(whole).with_columns(_name=words)
    made = made_id(pl.lit("made"), pl.lit("contact"), pl.col("sourcedId"), pl.col("_name"))
    return contacts.select(
        sourcedId=pl.coalesce("Contact_sis_id", made),
        givenName=pl.col("_name").str.extract(r"^(.*) \S+$"),
        familyName=pl.col("_name").str.extract(r" (\S+)$"),
        email="Contact_email",
        phone="Contact_phone",
        metadata="metadata.contacts",
        orgSourcedId="School_id",
        role=_roles(contacts["Contact_relationship"]),
        students="sourcedId",
        _file="_file",
        _record="_record",
        _faulty="_faulty",
    ).pipe(people_rows)


def _roles(relationships: pl.Series) -> pl.Series:
    roles = word_of(relationships, FAMILY_READ, "guardian")
    return pl.select(pl.when(roles.is_in(["parent", "relative"])).then(roles).otherwise(pl.lit("guardian"))).to_series()
