"""Rules about people, their roles and profiles."""

import polars as pl

from firstbell.engine import findings
from firstbell.engine.rules.others import others_in
from firstbell.engine.rules.rule import Rule, Tables

_FEW = 3
ends_after_it_begins = pl.col("endDate") >= pl.col("beginDate")

ROLE_RULES = (
    Rule(
        "ends-before-it-begins",
        ends_after_it_begins,
        column="endDate",
        value=pl.col("endDate"),
        detail=pl.col("beginDate"),
    ),
)


def usernames_are_unique(tables: Tables) -> None:
    """Two people with one username cannot both sign in with it."""
    named = tables["users"].filter(pl.col("username").is_not_null())
    key = pl.col("username").str.to_lowercase()
    if named.select(key.n_unique()).item() == named.height:
        return
    shared = named.with_columns(_people=pl.len().over(key)).filter(pl.col("_people") > 1)
    tables.note(
        findings.of(
            shared,
            "username-twice",
            column="username",
            value=pl.col("username"),
            detail=pl.col("_people"),
            hint=pl.format("{} have it.", others_in(key)),
        )
    )


def one_primary_role_in_an_org(tables: Tables) -> None:
    """At most one role is primary for a person and an organization (OneRoster CSV 1.2, 4.12)."""
    primary = tables["roles"].filter(pl.col("roleType") == "primary")
    if primary.select(pl.struct("userSourcedId", "orgSourcedId").n_unique()).item() == primary.height:
        return
    twice = primary.with_columns(_roles=pl.len().over("userSourcedId", "orgSourcedId")).filter(pl.col("_roles") > 1)
    tables.note(
        findings.of(
            twice,
            "primary-role-twice",
            column="roleType",
            value=pl.col("orgSourcedId"),
            detail=pl.col("_roles"),
            hint=pl.format("{} are primary.", others_in(["userSourcedId", "orgSourcedId"])),
        )
    )


def everyone_has_a_role(tables: Tables) -> None:
    """In a full list of people and roles nobody is without a role."""
    without = tables["users"].join(tables["roles"], left_on="sourcedId", right_on="userSourcedId", how="anti")
    known_out = tables.left_out_ids("roles")
    if without.height and not known_out.len():
        tables.note(findings.of(without, "person-without-role"))


def primary_org_is_one_of_the_roles(tables: Tables) -> None:
    """users.primaryOrgSourcedId is an organization of one of the person's roles, where the person has any."""
    named = tables["users"].filter(pl.col("primaryOrgSourcedId").is_not_null())
    without = named.join(
        tables["roles"],
        left_on=["sourcedId", "primaryOrgSourcedId"],
        right_on=["userSourcedId", "orgSourcedId"],
        how="anti",
    )
    if not without.height:
        return
    held = (
        tables["roles"]
        .filter(pl.col("userSourcedId").is_in(without["sourcedId"].implode()))
        .group_by("userSourcedId")
        .agg(pl.col("orgSourcedId").unique(maintain_order=True).head(_FEW).str.join(", ").alias("_held"))
    )
    elsewhere = without.join(held, left_on="sourcedId", right_on="userSourcedId", maintain_order="left")
    tables.note(
        findings.of(
            elsewhere,
            "primary-org-without-role",
            column="primaryOrgSourcedId",
            value=pl.col("primaryOrgSourcedId"),
            hint=pl.format("The roles are in {}.", "_held"),
        )
    )


def profiles_belong_to_their_person(tables: Tables) -> None:
    """roles.userProfileSourcedId names a profile of the same person."""
    named = tables["roles"].filter(pl.col("userProfileSourcedId").is_not_null())
    owners = tables["userProfiles"].select(
        pl.col("sourcedId").alias("userProfileSourcedId"), pl.col("userSourcedId").alias("_owner")
    )
    others = named.join(owners, on="userProfileSourcedId").filter(pl.col("_owner") != pl.col("userSourcedId"))
    tables.note(
        findings.of(others, "profile-of-another", column="userProfileSourcedId", value=pl.col("userProfileSourcedId"))
    )
