"""Who is who where a source brings people whom the district has already: matched, new, and only here."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import RunFolder, changes_of
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.models import Class, User

USERS: Final = "users"
CLASSES: Final = "classes"
KEYS: Final = {
    "identifier": "number",
    "email": "e-mail address",
    "username": "username",
    "userMasterIdentifier": "master number",
    "familyName": "family name",
    "givenName": "first name",
}
"""What speaks for two rows being one person, as a page says it."""
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Matched:
    """Somebody whom the source takes over: what agrees, and what the source would change."""

    row_id: int
    name: str
    agrees: tuple[str, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by name, with the letter under which they stand: the first of the family name, without its accent."""

    row_id: int
    name: str
    letter: str


@dataclass(frozen=True, slots=True)
class MatchedClass:
    """A class of nobody that the source takes over, by what tells it from others."""

    row_id: int
    title: str
    code: str


@dataclass(frozen=True, slots=True)
class ClassTakeover:
    """What a run means for the classes that are here."""

    matched: int
    new: int
    only_here: int
    matched_classes: tuple[MatchedClass, ...]


@dataclass(frozen=True, slots=True)
class Takeover:
    """What a run means for the people who are here. Lists hold the first of each kind, by name."""

    matched: int
    new: int
    only_here: int
    matched_people: tuple[Matched, ...]
    new_people: tuple[Named, ...]
    only_here_people: tuple[Named, ...]


def find_takeover(district: District, run: Run) -> Takeover:
    """From what the run kept of its plan: before it is applied and after. Nobody's row is opened one by one."""
    changes = RunFolder(district, run.pk).read_frame(changes_of(USERS))
    came = _nobody() if changes is None else changes
    matched = came.filter(pl.col("takes"), pl.col("action").is_in(["updated", "restored", "filled"]))
    new = came.filter(pl.col("action") == "added")
    taken = matched["row_id"].to_list()
    with within(district):
        here = User.objects.filter(district_id=district.pk, removed_at=None, source_id=None).exclude(id__in=taken)
        first = here.order_by("family_name_key", "given_name_key", "id")[:MOST]
        only = [_named(person.id, person.given_name, person.family_name) for person in first]
        count = here.count()
    return Takeover(
        matched.height,
        new.height,
        count,
        _matched(matched.sort("familyName", "givenName", nulls_last=True).head(MOST)),
        tuple(_everybody(new.sort("familyName", "givenName", nulls_last=True).head(MOST))),
        tuple(only),
    )


def find_class_takeover(district: District, run: Run) -> ClassTakeover:
    """The same of classes: those of nobody that are the source's by title or code, school and terms."""
    changes = RunFolder(district, run.pk).read_frame(changes_of(CLASSES))
    if changes is None:
        return ClassTakeover(0, 0, 0, ())
    matched = changes.filter(pl.col("takes"), pl.col("action").is_in(["updated", "restored", "filled"]))
    taken = matched["row_id"].to_list()
    with within(district):
        here = Class.objects.filter(district_id=district.pk, removed_at=None, source_id=None).exclude(id__in=taken)
        count = here.count()
    first = matched.sort("title", nulls_last=True).head(MOST)
    told = zip(first["row_id"].to_list(), first["title"].to_list(), first["classCode"].to_list(), strict=True)
    classes = tuple(
        MatchedClass(row_id, title or "A class without a title", code or "") for row_id, title, code in told
    )
    return ClassTakeover(matched.height, changes.filter(pl.col("action") == "added").height, count, classes)


def _matched(rows: pl.DataFrame) -> tuple[Matched, ...]:
    agreeing = rows.select(
        pl.concat_list(
            [
                pl.when(_folded(column) == _folded(f"was.{column}")).then(pl.lit(said)).otherwise(None)
                for column, said in KEYS.items()
            ]
        )
        .list.drop_nulls()
        .alias("agrees")
    )
    return tuple(
        Matched(row_id, name, tuple(agrees), tuple(changed or ()))
        for row_id, name, agrees, changed in zip(
            rows["row_id"].to_list(),
            _names(rows),
            agreeing["agrees"].to_list(),
            rows["changed"].to_list(),
            strict=True,
        )
    )


def _folded(column: str) -> pl.Expr:
    return pl.col(column).str.to_lowercase().str.strip_chars()


def _names(rows: pl.DataFrame) -> Sequence[str]:
    pairs = zip(rows["givenName"].to_list(), rows["familyName"].to_list(), strict=True)
    return [_name(given, family) for given, family in pairs]


def _everybody(rows: pl.DataFrame) -> list[Named]:
    columns = (rows[name].to_list() for name in ("row_id", "givenName", "familyName"))
    return [_named(*who) for who in zip(*columns, strict=True)]


def _named(row_id: int, given: str | None, family: str | None) -> Named:
    plain = unicodedata.normalize("NFD", (family or given or "").strip())
    letter = plain[:1].upper()
    return Named(row_id, _name(given, family), letter if letter.isalpha() else "#")


def _name(given: str | None, family: str | None) -> str:
    return " ".join(part for part in (given, family) if part) or "Somebody without a name"


def _nobody() -> pl.DataFrame:
    texts: dict[str, type[pl.DataType] | pl.DataType] = {
        name: pl.String() for key in KEYS for name in (key, f"was.{key}")
    }
    return pl.DataFrame(
        schema={
            "action": pl.String(),
            "row_id": pl.Int64(),
            "takes": pl.Boolean(),
            "changed": pl.List(pl.String),
            **texts,
        }
    )
