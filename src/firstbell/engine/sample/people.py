"""The people of the made-up district: students, teachers and other staff, with their roles and demographics."""

import polars as pl

from firstbell.engine.sample.calendar import on_day
from firstbell.engine.sample.canonical import to_table
from firstbell.engine.sample.days import Passage, follow_staff
from firstbell.engine.sample.draws import Draws
from firstbell.engine.sample.names import name_people
from firstbell.engine.sample.schools import DISTRICT_ID, GRADES, Plan, school_id

MOST_STUDENTS = 10_000_000
"""Student numbers have seven digits; newcomers count too."""
_DISTRICT_ROLES = ("districtAdministrator", "districtAdministrator", "systemAdministrator")
_VISITING_SHARE = 0.04
_DISABLED_SHARE = 0.003
_PREFERRED_SHARE = 0.04
_FIRST_GRADE_WITH_MAIL = 3
_KINDERGARTEN_BIRTHS = 2020
_RACES = (
    ("americanIndianOrAlaskaNative", 0.02),
    ("asian", 0.12),
    ("blackOrAfricanAmerican", 0.18),
    ("nativeHawaiianOrOtherPacificIslander", 0.01),
)
_WHITE_TOO_SHARE = 0.08


def name_students(state: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """Students with their names, ``sourcedId``, ``identifier``, ``username`` and ``org``; one row for each ``no``."""
    # 7654321 and ten million have no common divisor, so every student gets a number of their own.
    number = (pl.col("no") * 7_654_321 + 1_234_567 + draws.seed % MOST_STUDENTS) % MOST_STUDENTS
    named = name_people(state, draws, kind="student").with_columns(identifier=number.cast(pl.String).str.zfill(7))
    return named.with_columns(
        sourcedId=pl.format("stu-{}", "identifier"),
        username=pl.concat_str(pl.col("family_plain").str.head(6), pl.col("given_plain").str.head(1), "identifier"),
        org=school_id(pl.col("school")),
    )


def hire_staff(classes: pl.DataFrame, plan: Plan, passage: Passage) -> pl.DataFrame:
    """Teachers (``no`` is their number in ``classes``), then principals, other school staff and the district office.

    Columns: those of named people, ``sourcedId, identifier, username, role, org`` and ``visited``, a second school.
    """
    school = pl.col("school").cast(pl.Int64)
    teachers = classes.group_by("first_teacher", "teachers", "school").len().sort("first_teacher")
    taught = teachers.select(
        "school", no=pl.int_ranges("first_teacher", pl.col("first_teacher") + pl.col("teachers"))
    ).explode("no")
    upper = plan.schools.join(plan.levels.filter(~pl.col("homeroom")), on="level", how="semi", maintain_order="left")
    staff = pl.concat(
        [
            taught.select(school, role=pl.lit("teacher")),
            plan.schools.select(school, role=pl.lit("principal")),
            upper.select(school, role=pl.lit("siteAdministrator")),
            upper.select(school, role=pl.lit("counselor")),
            pl.DataFrame({"role": _DISTRICT_ROLES}).select(school=pl.lit(None, pl.Int64), role="role"),
        ]
    ).select(no=pl.int_range(pl.len()), school="school", role="role")
    named = name_people(follow_staff(passage, staff), passage.draws, kind="staff")
    return _identify_staff(named, plan.schools.height, passage.draws)


def _identify_staff(staff: pl.DataFrame, schools: int, draws: Draws) -> pl.DataFrame:
    visits = (pl.col("role") == "teacher") & draws.chance(_VISITING_SHARE, "visiting", pl.col("no")) & (schools > 1)
    login = pl.format("{}.{}", "given_plain", "family_plain")
    namesake = pl.int_range(pl.len()).over("given_plain", "family_plain")
    return staff.with_columns(
        identifier=(pl.col("no") + 1).cast(pl.String).str.zfill(5),
        sourcedId=pl.format("stf-{}", (pl.col("no") + 1).cast(pl.String).str.zfill(5)),
        username=pl.when(namesake > 0).then(pl.concat_str(login, (namesake + 1).cast(pl.String))).otherwise(login),
        org=pl.when(pl.col("school").is_null()).then(pl.lit(DISTRICT_ID)).otherwise(school_id(pl.col("school"))),
        visited=pl.when(visits).then(school_id((pl.col("school") + 1) % schools)),
    )


def users(students: pl.DataFrame, staff: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """The canonical table users: staff first."""
    no = pl.col("no")
    shared = [
        "sourcedId",
        "username",
        "givenName",
        "familyName",
        "middleName",
        "identifier",
        pl.col("org").alias("primaryOrgSourcedId"),
    ]
    adults = staff.select(*shared, enabledUser=pl.lit("true"), email=pl.format("{}@example.org", "username"))
    preferred = draws.chance(_PREFERRED_SHARE, "preferred", no) & pl.col("middleName").is_not_null()
    children = students.select(
        *shared,
        enabledUser=pl.when(draws.chance(_DISABLED_SHARE, "disabled", no))
        .then(pl.lit("false"))
        .otherwise(pl.lit("true")),
        email=pl.when(pl.col("grade") >= _FIRST_GRADE_WITH_MAIL).then(pl.format("{}@students.example.org", "username")),
        userIds=pl.concat_str(pl.lit("{SIS:"), no + 100_001, pl.lit("}")),
        grades=_grade(pl.col("grade")),
        preferredGivenName=pl.when(preferred).then("middleName"),
    )
    return to_table("users", pl.concat([adults, children], how="diagonal"))


def roles(students: pl.DataFrame, staff: pl.DataFrame) -> pl.DataFrame:
    """The canonical table roles: a student's role follows them to another school under the same id."""
    primary = {"roleType": pl.lit("primary")}
    own = staff.select(
        "role",
        **primary,
        sourcedId=pl.format("rol-{}-1", "sourcedId"),
        userSourcedId="sourcedId",
        orgSourcedId="org",
        beginDate=on_day(pl.lit(0)),
    )
    visiting = staff.filter(pl.col("visited").is_not_null()).select(
        "role",
        roleType=pl.lit("secondary"),
        sourcedId=pl.format("rol-{}-2", "sourcedId"),
        userSourcedId="sourcedId",
        orgSourcedId="visited",
        beginDate=on_day(pl.lit(0)),
    )
    learning = students.select(
        **primary,
        role=pl.lit("student"),
        sourcedId=pl.format("rol-{}", "sourcedId"),
        userSourcedId="sourcedId",
        orgSourcedId="org",
        beginDate=on_day(pl.col("reset")),
    )
    return to_table("roles", pl.concat([own, visiting, learning], how="diagonal"))


def demographics(students: pl.DataFrame, draws: Draws) -> pl.DataFrame:
    """The canonical table demographics, of students only."""
    no = pl.col("no")
    races = {name: draws.chance(share, name, no) for name, share in _RACES}
    races["white"] = ~pl.any_horizontal(races.values()) | draws.chance(_WHITE_TOO_SHARE, "white", no)
    several = pl.sum_horizontal(expression.cast(pl.Int64) for expression in races.values()) > 1
    born = pl.date(_KINDERGARTEN_BIRTHS - pl.col("grade"), 9, 2) + pl.duration(
        days=draws.below(365, "birthday", no).cast(pl.Int64)
    )
    sex = draws.below(1000, "sex", no)
    return to_table(
        "demographics",
        students.select(
            "sourcedId",
            birthDate=born.dt.to_string("%Y-%m-%d"),
            sex=pl.when(sex < 490).then(pl.lit("female")).when(sex < 985).then(pl.lit("male")),
            **{name: _truth(expression) for name, expression in races.items()},
            demographicRaceTwoOrMoreRaces=_truth(several),
            hispanicOrLatinoEthnicity=_truth(draws.chance(0.28, "hispanic", no)),
        ),
    )


def _grade(grade: pl.Expr) -> pl.Expr:
    return grade.replace_strict(range(len(GRADES)), GRADES, return_dtype=pl.String)


def _truth(claim: pl.Expr) -> pl.Expr:
    return pl.when(claim).then(pl.lit("true")).otherwise(pl.lit("false"))
