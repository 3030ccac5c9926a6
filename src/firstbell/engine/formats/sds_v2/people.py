"""Users, their roles and relations, and demographics."""

import polars as pl

from firstbell.engine.formats.made import as_table, roles_of
from firstbell.engine.formats.metadata import as_objects
from firstbell.engine.formats.sds_v2.classes import other_word
from firstbell.engine.formats.sds_v2.words import HISPANIC, RACES, ROLES
from firstbell.engine.reading import Mode, Reading

type Files = dict[str, pl.DataFrame]

_ROLE = {
    **dict.fromkeys(("userSourcedId", "orgSourcedId", "role", "roleType", "beginDate", "endDate"), pl.String),
    **dict.fromkeys(("metadata", "grade", "isPrimary"), pl.String),
    "_file": pl.String,
    "_record": pl.UInt32,
}


def read_people(reading: Reading, files: Files) -> None:
    """Users, and roles of roles.csv (2.1), of the users themselves (2) and of relationships."""
    stated = [_of_file(files["roles"])] if "roles" in files else []
    if "users" in files and not stated and files["users"]["role"].null_count() < files["users"].height:
        stated.append(_of_users(files["users"]))
    held = pl.concat([pl.DataFrame(schema=_ROLE), *stated])
    if "users" in files:
        reading.tables["users"] = _users(files, held, reading.tables.get("orgs"))
        reading.modes["users"] = Mode.BULK
    if stated:
        roles = pl.concat([held, _of_relations(files, held)])
        reading.tables["roles"] = roles_of(roles)
        reading.modes["roles"] = Mode.BULK


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        pl.col(name) if name in rows.columns else pl.lit(None, kind).alias(name) for name, kind in _ROLE.items()
    )


def _of_file(rows: pl.DataFrame) -> pl.DataFrame:
    """One role for each person, organization and word; held in several sessions it lasts from the first to the last."""
    other = other_word(rows, "role", ROLES)
    rows = rows.with_columns(_word=other)
    open_end = pl.col("roleEndDate").is_null().any()
    merged = rows.group_by("userSourcedId", "orgSourcedId", "role", maintain_order=True).agg(
        pl.col("_file", "_record", "_word", "metadata.roles").first(),
        beginDate=pl.when(pl.col("roleStartDate").is_null().any()).then(None).otherwise(pl.col("roleStartDate").min()),
        endDate=pl.when(open_end).then(None).otherwise(pl.col("roleEndDate").max()),
        grade=pl.col("grade").drop_nulls().first(),
        isPrimary=pl.col("isPrimary").max(),
        sessions=pl.col("sessionSourcedId").drop_nulls().unique(maintain_order=True).sort().str.join(","),
    )
    pupils = pl.col("role") == "student"
    others_grade = merged.select(pl.when(~pupils).then("grade")).to_series()
    merged = merged.with_columns(grade=pl.when(pupils).then("grade"))
    words = {"role": merged["_word"], "sessionSourcedId": merged["sessions"], "grade": others_grade}
    metadata = as_objects(words, merged.height)
    primary = pl.when(pl.col("isPrimary") == "true").then(pl.lit("primary"))
    role_type = primary.when(pl.col("isPrimary") == "false").then(pl.lit("secondary"))
    return _shaped(merged.with_columns(metadata=metadata, roleType=role_type))


def _of_users(users: pl.DataFrame) -> pl.DataFrame:
    """The roles of format 2: one word a person, in each of their organizations."""
    others_grade = users.select(pl.when(pl.col("role") != "student").then("grade")).to_series()
    metadata = as_objects({"role": other_word(users, "role", ROLES), "grade": others_grade}, users.height)
    roles = users.with_columns(
        metadata=metadata, userSourcedId="sourcedId", orgSourcedId=pl.col("orgSourcedIds").str.split(",")
    )
    return _shaped(roles.explode("orgSourcedId").drop("grade"))


def _of_relations(files: Files, held: pl.DataFrame) -> pl.DataFrame:
    """Parents and others are what they are where their student is."""
    if "relationships" not in files:
        return held.clear()
    students = held.filter(pl.col("role") == "student").select("orgSourcedId", student="userSourcedId")
    relations = files["relationships"].select(
        "_file",
        "_record",
        student="userSourcedId",
        userSourcedId="relationshipUserSourcedId",
        role="relationshipRole",
    )
    return _shaped(relations.join(students, on="student", maintain_order="left"))


def _users(files: Files, held: pl.DataFrame, orgs: pl.DataFrame | None) -> pl.DataFrame:
    users = files["users"].rename({"grade": "grades", "metadata.users": "metadata"})
    student = pl.col("role").eq_missing(pl.lit("student"))
    users = users.with_columns(enabledUser=pl.lit("true"), grades=pl.when(student).then("grades"))
    grades = held.filter(pl.col("grade").is_not_null()).unique("userSourcedId", keep="first", maintain_order=True)
    users = users.join(
        grades.select(sourcedId="userSourcedId", _grade="grade"), on="sourcedId", how="left", maintain_order="left"
    ).with_columns(grades=pl.coalesce("grades", "_grade"))
    users = users.join(_main_orgs(held, orgs), on="sourcedId", how="left", maintain_order="left")
    if "relationships" in files:
        agents = (
            files["relationships"]
            .group_by(sourcedId="userSourcedId", maintain_order=True)
            .agg(
                agentSourcedIds=pl.col("relationshipUserSourcedId")
                .filter(pl.col("relationshipUserSourcedId").is_in(users["sourcedId"].implode()))
                .unique(maintain_order=True)
                .str.join(",")
                .replace("", None)
            )
        )
        users = users.join(agents, on="sourcedId", how="left", maintain_order="left")
    return as_table(users, "users")


def _main_orgs(held: pl.DataFrame, orgs: pl.DataFrame | None) -> pl.DataFrame:
    """The organization of the one primary role, or of all roles where a person has one organization only.

    One that does not exist is told with the role.
    """
    if orgs is not None:
        held = held.join(orgs, left_on="orgSourcedId", right_on="sourcedId", how="semi", maintain_order="left")
    primary = held.filter(pl.col("isPrimary") == "true")
    unsaid = held.join(primary, on="userSourcedId", how="anti")
    orgs = pl.concat([primary, unsaid]).select("userSourcedId", "orgSourcedId").drop_nulls().unique()
    single = orgs.filter(~pl.col("userSourcedId").is_duplicated())
    return single.select(sourcedId="userSourcedId", primaryOrgSourcedId="orgSourcedId")


def read_demographics(reading: Reading, files: Files) -> None:
    """Demographics, with the flags of userFlags.csv as metadata: not everyone may see them."""
    parts = []
    if "demographics" in files:
        said = files["demographics"].rename(
            {
                "birthCity": "cityOfBirth",
                "birthState": "stateOfBirthAbbreviation",
                "birthCountry": "countryOfBirthCode",
                "metadata.demographics": "metadata",
            }
        )
        races = pl.col("raceCodes").str.split(",")
        parts.append(
            said.with_columns(
                *(races.list.contains(race).cast(pl.String).alias(race) for race in RACES),
                pl.col("ethnicityCodes").str.split(",").list.contains(HISPANIC).cast(pl.String).alias(HISPANIC),
            )
        )
    if "userFlags" in files:
        flags = files["userFlags"]
        parts.append(_flagged(flags))
    if not parts:
        return
    made = [as_table(part, "demographics") for part in parts]
    reading.tables["demographics"] = made[0] if len(made) == 1 else _both(*made)
    reading.modes["demographics"] = Mode.BULK if "demographics" in files else Mode.PARTIAL


def _flagged(flags: pl.DataFrame) -> pl.DataFrame:
    rows = (
        flags.drop_nulls("userSourcedId")
        .group_by(sourcedId="userSourcedId", maintain_order=True)
        .agg(
            pl.col("_file", "_record").first(),
            flags=pl.col("flag").drop_nulls().unique().sort().str.join(","),
        )
    )
    return rows.with_columns(metadata=as_objects({"flags": rows["flags"]}, rows.height))


def _both(said: pl.DataFrame, flagged: pl.DataFrame) -> pl.DataFrame:
    alone = flagged.join(said, on="sourcedId", how="anti", maintain_order="left")
    with_flags = said.join(
        flagged.select("sourcedId", _flags="metadata"), on="sourcedId", how="left", maintain_order="left"
    )
    joined = with_flags.with_columns(metadata=pl.coalesce("_flags", "metadata")).drop("_flags")
    return pl.concat([joined, alone.select(joined.columns)])
