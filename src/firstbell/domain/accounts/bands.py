"""How long a student's password has to be: the younger, the shorter; the district sets it by band of grades."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from firstbell.domain.districts.models import District

SHORTEST: Final = 4
LONGEST_RULE: Final = 32


@dataclass(frozen=True)
class Band:
    """Grades that share a rule, as OneRoster writes them (CEDS)."""

    name: str
    label: str
    grades: frozenset[str]
    default: int


BANDS: Final = (
    Band("young", "Up to grade 2", frozenset({"IT", "PR", "PK", "TK", "KG", "01", "02"}), 4),
    Band("middle", "Grades 3 to 5", frozenset({"03", "04", "05"}), 6),
    Band("old", "Grade 6 and up", frozenset(), 8),
)
"""The last is for every other grade, and for who has none."""


def length_for(district: District, grades: Iterable[str]) -> int:
    """The least characters for somebody in these grades: of several bands the longest counts."""
    bands = [next((band for band in BANDS if grade in band.grades), BANDS[-1]) for grade in grades] or [BANDS[-1]]
    return max(length_of(district, band) for band in bands)


def lengths_by_grade(district: District) -> dict[str, int]:
    """The least characters for each grade, and under the blank for everybody else."""
    named = {grade: length_of(district, band) for band in BANDS for grade in band.grades}
    return {**named, "": length_of(district, BANDS[-1])}


def length_of(district: District, band: Band) -> int:
    """What the district set for a band, or its default."""
    return int(district.password_lengths.get(band.name, band.default))
