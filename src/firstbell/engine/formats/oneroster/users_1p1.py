"""users.csv of OneRoster 1.1 carries one role and a list of organizations: here it becomes people and their roles."""

import polars as pl

from firstbell.engine.formats.made import made_id
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.tables import TABLES


def split_roles(reading: Reading) -> None:
    """Take ``orgSourcedIds`` and ``role`` out of the users and make a roles table of them.

    A role's id is made of person, organization and role, so it stays the same from file to file. A delta row states
    all roles of its person.
    """
    users = reading.tables.get("users")
    if users is None or "orgSourcedIds" not in users.columns:
        return
    reading.tables["users"] = users.drop("orgSourcedIds", "role")
    stated = users.filter(pl.all_horizontal(pl.col("sourcedId", "role", "orgSourcedIds").is_not_null()))
    roles = stated.select(
        userSourcedId=pl.col("sourcedId"),
        orgSourcedId=pl.col("orgSourcedIds").str.split(",").list.unique(maintain_order=True),
        role="role",
        _status="_status",
        _file="_file",
        _record="_record",
    ).explode("orgSourcedId")
    columns = TABLES["roles"].columns
    reading.tables["roles"] = (
        roles.with_columns(
            sourcedId=_id_of_role(),
            roleType=pl.lit("primary"),
        )
        .select(
            *(
                pl.col(column.name)
                if column.name in {"sourcedId", "userSourcedId", "orgSourcedId", "role", "roleType"}
                else pl.lit(None, pl.String).alias(column.name)
                for column in columns
            ),
            "_status",
            "_file",
            "_record",
        )
        .unique("sourcedId", keep="first", maintain_order=True)
    )
    reading.shown_as = {("roles", "orgSourcedId"): "orgSourcedIds", ("roles", "userSourcedId"): "sourcedId"}
    reading.modes["roles"] = reading.modes["users"]
    if reading.modes["users"] is not Mode.BULK:
        reading.restates["roles"] = "userSourcedId"


def _id_of_role() -> pl.Expr:
    """The parts as they are, joined by ``/``; where one of them holds that itself, so that no two roles share an id."""
    parts = [pl.col(name) for name in ("userSourcedId", "orgSourcedId", "role")]
    ambiguous = pl.any_horizontal(part.str.contains("/", literal=True) for part in parts[:2])
    return pl.when(ambiguous).then(made_id(*parts)).otherwise(pl.concat_str(parts, separator="/"))
