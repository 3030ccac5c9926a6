"""The course catalogue of the made-up district: five subjects and five electives for each band of grades.

Subject codes are the two-digit subject areas of SCED, the School Courses for the Exchange of Data.
"""

import polars as pl

from firstbell.engine.sample.calendar import YEAR_ID
from firstbell.engine.sample.canonical import to_table
from firstbell.engine.sample.schools import DISTRICT_ID, GRADES

ELECTIVE_SLOT = 5
ELECTIVES = 5
COURSES_PER_BAND = ELECTIVE_SLOT + ELECTIVES
_ENGLISH = ("English Language and Literature", "01", "ENG")
_MATHEMATICS = ("Mathematics", "02", "MAT")
_SCIENCE = ("Life and Physical Sciences", "03", "SCI")
_SOCIAL = ("Social Sciences and History", "04", "SOC")
_ARTS = ("Visual and Performing Arts", "05", "ART")
_MUSIC = ("Visual and Performing Arts", "05", "MUS")
_LANGUAGE = ("World Languages", "06", "SPA")
_HEALTH = ("Physical Health and Safety Education", "08", "HLT")
_SPORT = ("Physical Health and Safety Education", "08", "PED")
_COMPUTING = ("Computer and Information Sciences", "10", "CSC")
_SUBJECTS = (_ENGLISH, _MATHEMATICS, _SCIENCE, _SOCIAL, _HEALTH, _ARTS, _MUSIC, _LANGUAGE, _SPORT, _COMPUTING)
_TITLES = (
    "Reading",
    "Mathematics",
    "Science",
    "Social Studies",
    "Health",
    "Art",
    "Music",
    "Spanish",
    "Physical Education",
    "Coding",
)
_HIGH_TITLES = {
    "09": ("English 9", "Algebra I", "Biology", "World Geography", "Health and Fitness"),
    "10": ("English 10", "Geometry", "Chemistry", "World History", "Sports Medicine"),
    "11": ("American Literature", "Algebra II", "Physics", "US History", "First Aid"),
    "12": ("World Literature", "Statistics", "Environmental Science", "Government and Economics", "Lifetime Fitness"),
}
_HIGH_ELECTIVES = ("Studio Art", "Concert Band", "Spanish", "Team Sports", "Computer Science")


def courses(bands: tuple[tuple[int, ...], ...]) -> pl.DataFrame:
    """The canonical table courses; the course of a band's place is row ``band * COURSES_PER_BAND + place``."""
    names = [tuple(GRADES[grade] for grade in band) for band in bands]
    places = range(COURSES_PER_BAND)
    codes = pl.DataFrame(
        {
            "title": [_title(band, place) for band in names for place in places],
            "courseCode": [f"{_SUBJECTS[place][2]}{_short(band)}" for band in names for place in places],
            "grades": [",".join(band) for band in names for _ in places],
            "subjects": [_SUBJECTS[place][0] for _ in names for place in places],
            "subjectCodes": [_SUBJECTS[place][1] for _ in names for place in places],
        }
    )
    return to_table(
        "courses",
        codes.with_columns(
            sourcedId=pl.format("crs-{}", "courseCode"),
            schoolYearSourcedId=pl.lit(YEAR_ID),
            orgSourcedId=pl.lit(DISTRICT_ID),
        ),
    )


def _short(band: tuple[str, ...]) -> str:
    return band[0] if len(band) == 1 else f"{band[0]}-{band[-1]}"


def _title(band: tuple[str, ...], place: int) -> str:
    if len(band) > 1:
        return _TITLES[place]
    if band[0] not in _HIGH_TITLES:
        grade = "Kindergarten" if band[0] == "KG" else f"Grade {int(band[0])}"
        return f"{grade} {_TITLES[place]}"
    if place < ELECTIVE_SLOT:
        return _HIGH_TITLES[band[0]][place]
    return f"{_HIGH_ELECTIVES[place - ELECTIVE_SLOT]} {int(band[0])}"
