"""People of formats that repeat a person on several rows and number students, staff and contacts apart."""

from collections.abc import Mapping, Sequence

import polars as pl

from firstbell.engine import findings
from firstbell.engine.formats.made import as_table, roles_of
from firstbell.engine.reading import Mode, Reading
from firstbell.engine.tables import USERS
from firstbell.engine.vocabulary import fold

_NAMES = ("givenName", "familyName")
_OF_RECORD = ("_file", "_record", "_faulty")
PEOPLE: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(
        (
            *("sourcedId", "givenName", "familyName", "middleName", "username", "password", "identifier", "email"),
            *("phone", "grades", "enabledUser", "metadata", "orgSourcedId", "role", "students"),
        ),
        pl.String,
    ),
    "_file": pl.String,
    "_record": pl.UInt32,
    "_faulty": pl.Boolean,
}
"""What is said of a person on one row. ``students``: of whom the person is a contact."""


def people_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """The same columns for people of every file."""
    return rows.select(
        pl.col(name) if name in rows.columns else pl.lit(None, kind).alias(name) for name, kind in PEOPLE.items()
    )


def nobody() -> pl.DataFrame:
    """No people."""
    return pl.DataFrame(schema=PEOPLE)


def tell_apart(
    kinds: Mapping[str, pl.DataFrame], shown: Mapping[str, str]
) -> tuple[dict[str, pl.DataFrame], list[pl.DataFrame]]:
    """The people of each kind (``student``, ``staff``, ``contact``) with ids that no other kind has, and the findings.

    Student information systems number students and staff apart, so one number may be two people. Then both get the
    kind before their id, and neither the plain one: an id never comes to mean the other person.
    """
    claims = pl.concat(
        [people.select("sourcedId").unique().with_columns(kind=pl.lit(kind)) for kind, people in kinds.items()]
    )
    shared = claims.filter(pl.col("sourcedId").is_not_null() & pl.col("sourcedId").is_duplicated())[
        "sourcedId"
    ].unique()
    if not shared.len():
        return dict(kinds), []
    apart, told = {}, []
    for kind, people in kinds.items():
        hit = pl.col("sourcedId").is_in(shared.implode())
        prefixed = pl.concat_str(pl.lit(f"{kind}/"), "sourcedId")
        rows = people.with_columns(
            sourcedId=pl.when(hit).then(prefixed).otherwise("sourcedId"), _plain=pl.col("sourcedId")
        )
        those = rows.filter(pl.col("_plain").is_in(shared.implode())).unique(
            "sourcedId", keep="first", maintain_order=True
        )
        plain = those.with_columns(sourcedId="_plain", _now="sourcedId")
        which = shown.get(kind, "sourcedId")
        told.append(findings.of(plain, "id-shared", column=which, value=pl.col("sourcedId"), detail=pl.col("_now")))
        apart[kind] = rows.drop("_plain")
    return apart, told


def new_ids(before: pl.DataFrame, after: pl.DataFrame) -> dict[str, str]:
    """Old id -> new id of the people of one kind whose id was told apart."""
    changed = before.select(was="sourcedId").with_columns(now=after["sourcedId"]).filter(pl.col("was") != pl.col("now"))
    unique = changed.unique("was")
    return dict(zip(unique["was"].to_list(), unique["now"].to_list(), strict=True))


def once_each(rows: pl.DataFrame, shown: Mapping[str, str]) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
    """One row a person, where a format has several: the first word on each column counts.

    ``shown``: canonical column -> the file's, where ``Reading.columns_of`` does not tell. Rows of one id with different
    names are not one person: an error. Other differences are told.
    """
    rows = rows.filter(pl.col("sourcedId").is_not_null())
    if not rows["sourcedId"].is_duplicated().any():
        return rows, []
    content = [column.name for column in USERS.columns if column.name in rows.columns and column.name != "sourcedId"]
    repeated = rows.filter(pl.col("sourcedId").is_duplicated())
    folded = [pl.col(name).str.to_lowercase() for name in _NAMES]
    names = repeated.filter(~pl.col("_faulty")).with_columns(
        _people=pl.struct(folded).n_unique().over("sourcedId"), _times=pl.len().over("sourcedId")
    )
    others = names.filter(pl.col("_people") > 1)
    told = [findings.of(others, "id-twice", column=shown.get("sourcedId", "sourcedId"), detail=pl.col("_times"))]
    same = names.filter(~pl.col("sourcedId").is_in(others["sourcedId"].implode()))
    told += _differences(same, [name for name in content if name not in {*_NAMES, "password"}], shown)
    sound_first = repeated.sort("_faulty", maintain_order=True)
    merged = sound_first.group_by("sourcedId", maintain_order=True).agg(
        *(pl.col(name).drop_nulls().first() for name in rows.columns if name not in {"sourcedId", *_OF_RECORD}),
        *(pl.col(name).first() for name in _OF_RECORD),
    )
    single = rows.filter(~pl.col("sourcedId").is_duplicated())
    return pl.concat([single, merged.select(rows.columns)]), told


def _differences(rows: pl.DataFrame, names: Sequence[str], shown: Mapping[str, str]) -> list[pl.DataFrame]:
    told = []
    for name in names:
        differ = rows.filter(pl.col(name).drop_nulls().n_unique().over("sourcedId") > 1)
        first = differ.unique("sourcedId", keep="first", maintain_order=True)
        told.append(
            findings.of(
                first, "rows-differ", column=shown.get(name, name), value=pl.col("sourcedId"), detail=pl.col(name)
            )
        )
    return told


def only_school(rows: pl.DataFrame, orgs: pl.DataFrame | None) -> pl.DataFrame:
    """``sourcedId, primaryOrgSourcedId`` of the people who are in one school; of several none is the main one.

    A school that does not exist (``orgs``: those that do, if known) is told with the role, and not once more here.
    """
    schools = rows.select("sourcedId", "orgSourcedId").drop_nulls().unique()
    if orgs is not None:
        schools = schools.join(orgs, left_on="orgSourcedId", right_on="sourcedId", how="semi")
    return schools.filter(~pl.col("sourcedId").is_duplicated()).rename({"orgSourcedId": "primaryOrgSourcedId"})


def word_of(said: pl.Series, words: Mapping[str, str], otherwise: str | None = None) -> pl.Series:
    """Folded spellings as words of ours; an unknown one as a private word, a blank one as ``otherwise``."""
    meanings = {
        spelling: words.get(fold(spelling), f"ext:{spelling.strip()}")
        for spelling in said.drop_nulls().unique().to_list()
    }
    return said.replace_strict(meanings, default=otherwise, return_dtype=pl.String)


def with_agents(students: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    """The pupils with the ids of their contacts, in the order of their rows."""
    agents = (
        contacts.select(students="students", agent="sourcedId")
        .unique(maintain_order=True)
        .group_by("students", maintain_order=True)
        .agg(agentSourcedIds=pl.col("agent").str.join(","))
    )
    plain = students.with_columns(_plain=pl.col("sourcedId").str.strip_prefix("student/"))
    return plain.join(agents, left_on="_plain", right_on="students", how="left", maintain_order="left").drop("_plain")


def read_people(
    reading: Reading, kinds: Mapping[str, pl.DataFrame], shown: Mapping[str, Mapping[str, str]], mode: Mode
) -> dict[str, dict[str, str]]:
    """Users and roles of the people of each kind (``PEOPLE``) go to the reading. Returns changed ids by kind.

    ``shown``: kind -> canonical column -> the file's, where ``Reading.columns_of`` does not tell.
    """
    ids = {kind: shown.get(kind, {}).get("sourcedId", "sourcedId") for kind in kinds}
    apart, told = tell_apart(kinds, ids)
    users, roles = [], []
    for kind, people in apart.items():
        once, more = once_each(people, shown.get(kind, {}))
        told += more
        once = with_agents(once, apart["contact"]) if kind == "student" else once
        once = once.with_columns(pl.col("enabledUser").fill_null("true"))
        users.append(
            as_table(
                once.join(
                    only_school(people, reading.tables.get("orgs")), on="sourcedId", how="left", maintain_order="left"
                ),
                "users",
            )
        )
        roles.append(people.select("orgSourcedId", "role", "_file", "_record", userSourcedId="sourcedId"))
    reading.findings += [reading.in_words_of_the_file(part) for part in told]
    reading.tables["users"] = pl.concat(users)
    reading.tables["roles"] = roles_of(pl.concat(roles))
    reading.modes |= {"users": mode, "roles": mode}
    return {kind: new_ids(kinds[kind], apart[kind]) for kind in kinds}
