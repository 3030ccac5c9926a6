"""When a school year is: from the middle of August to the middle of June, until a district says otherwise."""

from dataclasses import dataclass
from datetime import date

from firstbell.domain.roster.editing.rows import Said

FIRST_DAY, DAY_AFTER = (8, 15), (6, 15)
"""Month and day: most schools of the United States begin in August and end in June."""


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """The school year that ends in a year."""

    ends_in: int

    @property
    def title(self) -> str:
        """ "2026-27"."""
        return f"{self.ends_in - 1}-{self.ends_in % 100:02d}"

    def as_term(self) -> Said:
        """The year-long term, as somebody would type it."""
        return {
            "title": self.title,
            "type": "schoolYear",
            "startDate": date(self.ends_in - 1, *FIRST_DAY).isoformat(),
            "endDate": date(self.ends_in, *DAY_AFTER).isoformat(),
            "schoolYear": str(self.ends_in),
        }


def school_year_of(today: date) -> SchoolYear:
    """The one that goes on, or in summer the one that comes."""
    return SchoolYear(today.year + 1 if (today.month, today.day) >= DAY_AFTER else today.year)
