"""The schools of the made-up district, and how many classes each needs.

A *band* is a set of grades taught together: one grade as a rule, all grades of a school where it is small. A *block*
is one band in one school. In a block each of the six slots of the day has as many sections as the block has groups of
25 students, and a class is one section of one slot.
"""

from dataclasses import dataclass

import polars as pl

from firstbell.engine.sample.canonical import to_table
from firstbell.engine.sample.draws import Draws

GRADES = ("KG", *(f"{grade:02d}" for grade in range(1, 13)))
SLOTS = 6
CLASS_SIZE = 25
DISTRICT_ID = "org-district"
_BAND_SIZE = 18
_SMALL_DISTRICT = 120
# fmt: off
_PLACES = (
    "Cedar", "Maple", "Juniper", "Willow", "Aspen", "Magnolia", "Sycamore", "Redwood", "Birch", "Hawthorn",
    "Prairie", "Mesa", "Harbor", "Summit", "Meadow", "Canyon", "Lakeview", "Riverside", "Hillcrest", "Sunrise",
    "Eastgate", "Westfield", "Northridge", "Southport", "Clearwater", "Stonebridge", "Fairview", "Brookside",
    "Greenfield", "Highland", "Lincoln", "Douglass", "Tubman", "Chávez", "Curie", "Carver", "Banneker", "Earhart",
    "Tecumseh", "Kamehameha",
)
# fmt: on
_VARIANTS = ("", " Creek", " Heights", " Park", " Grove", " Point", " Valley", " Ridge", " Hills", " Crossing")


@dataclass(frozen=True, slots=True)
class Level:
    """A kind of school. ``homeroom`` is true where a class stays together with one teacher for most of the day."""

    title: str
    grades: range
    size: int
    homeroom: bool


_LEVELS = (
    Level("Elementary School", range(6), 520, homeroom=True),
    Level("Middle School", range(6, 9), 760, homeroom=False),
    Level("High School", range(9, 13), 1500, homeroom=False),
)
_ONE_SCHOOL = (Level("Charter School", range(13), _SMALL_DISTRICT, homeroom=True),)


@dataclass(frozen=True, slots=True)
class Plan:
    """The district before anyone is in it.

    ``grades``: one row for each grade: ``grade, level, band``. ``schools``: ``school, level, name``; a level's schools
    stand together. ``levels``: ``level, first_school, schools, homeroom``. ``bands``: the grades of each band.
    """

    grades: pl.DataFrame
    schools: pl.DataFrame
    levels: pl.DataFrame
    bands: tuple[tuple[int, ...], ...]


def plan_district(students: int) -> Plan:
    """Which schools a district with so many students has, and which grades they teach together."""
    levels = _LEVELS if students >= _SMALL_DISTRICT else _ONE_SCHOOL
    counts = [max(1, round(students * len(level.grades) / len(GRADES) / level.size)) for level in levels]
    bands: list[tuple[int, ...]] = []
    for level, count in zip(levels, counts, strict=True):
        alone = students / len(GRADES) / count >= _BAND_SIZE
        bands.extend(((grade,) for grade in level.grades) if alone else (tuple(level.grades),))
    band_of = {grade: place for place, band in enumerate(bands) for grade in band}
    level_of = {grade: place for place, level in enumerate(levels) for grade in level.grades}
    grades = pl.DataFrame(
        {
            "grade": range(len(GRADES)),
            "level": [level_of[grade] for grade in range(len(GRADES))],
            "band": [band_of[grade] for grade in range(len(GRADES))],
        },
        schema=dict.fromkeys(("grade", "level", "band"), pl.Int64),
    )
    firsts = [sum(counts[:place]) for place in range(len(counts))]
    return Plan(grades, _schools(levels, counts), _level_table(levels, counts, firsts), tuple(bands))


def _level_table(levels: tuple[Level, ...], counts: list[int], firsts: list[int]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "level": range(len(levels)),
            "first_school": firsts,
            "schools": counts,
            "homeroom": [level.homeroom for level in levels],
        },
        schema={"level": pl.Int64, "first_school": pl.Int64, "schools": pl.Int64, "homeroom": pl.Boolean},
    )


def _schools(levels: tuple[Level, ...], counts: list[int]) -> pl.DataFrame:
    level = [place for place, count in enumerate(counts) for _ in range(count)]
    name = [_school_name(number, levels[place]) for place, count in enumerate(counts) for number in range(count)]
    return pl.DataFrame({"level": level, "name": name}, schema={"level": pl.Int64, "name": pl.String}).with_row_index(
        "school"
    )


def _school_name(number: int, level: Level) -> str:
    round_of_names, place = divmod(number, len(_PLACES))
    again, variant = divmod(round_of_names, len(_VARIANTS))
    ordinal = f" {again + 1}" if again else ""
    return f"{_PLACES[place]}{_VARIANTS[variant]} {level.title}{ordinal}"


def school_id(school: pl.Expr) -> pl.Expr:
    """The sourcedId of a school, by its number."""
    return pl.format("org-{}", (school + 1).cast(pl.String).str.zfill(4))


def orgs(plan: Plan) -> pl.DataFrame:
    """The canonical table orgs: the district and its schools."""
    district = pl.DataFrame(
        {
            "sourcedId": [DISTRICT_ID],
            "name": ["Juniper Valley Unified School District"],
            "type": ["district"],
            "identifier": ["0699990"],
        }
    )
    schools = plan.schools.select(
        sourcedId=school_id(pl.col("school")),
        name="name",
        type=pl.lit("school"),
        identifier=pl.format("0699990{}", (pl.col("school") * 7 + 101).cast(pl.String).str.zfill(5)),
        parentSourcedId=pl.lit(DISTRICT_ID),
    )
    return to_table("orgs", pl.concat([district, schools], how="diagonal"))


def place_students(people: pl.DataFrame, plan: Plan, draws: Draws) -> pl.DataFrame:
    """Adds to students (``no``) their ``grade, level, band, first_school, schools, homeroom`` and first ``school``."""
    return (
        people.with_columns(grade=draws.below(len(GRADES), "grade", pl.col("no")).cast(pl.Int64))
        .join(plan.grades, on="grade", how="left", maintain_order="left")
        .join(plan.levels, on="level", how="left", maintain_order="left")
        .with_columns(
            school=pl.col("first_school") + draws.below(pl.col("schools"), "school", pl.col("no")).cast(pl.Int64)
        )
    )


def blocks(plan: Plan, students: pl.DataFrame) -> pl.DataFrame:
    """One row for each band of each school: ``school, band, level, homeroom, sections``, and its ``first_class``.

    ``students`` are those of day 0; every block has a section, so that students can move to it.
    """
    bands = plan.grades.select("level", "band").unique(maintain_order=True)
    filled = students.group_by("school", "band").len("students")
    return (
        plan.schools.select(pl.col("school").cast(pl.Int64), "level")
        .join(bands, on="level", how="left", maintain_order="left")
        .join(filled, on=["school", "band"], how="left", maintain_order="left")
        .join(plan.levels.select("level", "homeroom"), on="level", how="left", maintain_order="left")
        .sort("school", "band")
        .with_columns(
            sections=((pl.col("students").fill_null(0) + CLASS_SIZE - 1) // CLASS_SIZE).clip(1).cast(pl.Int64)
        )
        .with_columns(first_class=(pl.col("sections") * SLOTS).cum_sum() - pl.col("sections") * SLOTS)
        .drop("students")
    )
