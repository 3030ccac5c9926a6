"""What guides look at: how the roster of the viewer's schools stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from firstbell.domain.accounts.queries import count_administrators
from firstbell.domain.districts.models import District
from firstbell.domain.roster.editing.new_year import LATELY, find_year_begun
from firstbell.domain.roster.queries.readiness import Lack, Readiness, count_readiness
from firstbell.domain.roster.queries.scope import Scope
from firstbell.domain.roster.queries.terms import count_terms_ahead


@dataclass(frozen=True, slots=True)
class Facts:
    """Counts, over the schools of who looks."""

    schools: Sequence[Readiness]
    terms: int
    """Terms that are not over."""
    administrators: int
    new_terms: int
    """Terms that go on for more than half a year: those of the new school year."""
    is_year_begun: bool
    """Whether grades moved up lately."""

    @property
    def students(self) -> int:
        """Students of all the schools."""
        return sum(school.students for school in self.schools)

    @property
    def teachers(self) -> int:
        """Teachers of all the schools."""
        return sum(school.teachers for school in self.schools)

    @property
    def classes(self) -> int:
        """Classes of all the schools."""
        return sum(school.classes for school in self.schools)

    def lacking(self, lack: Lack) -> int:
        """How many lack it."""
        return sum(school.lacks.get(lack, 0) for school in self.schools)


def learn(district: District, scope: Scope, *, today: date) -> Facts:
    """Ask for all of it: a fixed number of questions."""
    return Facts(
        schools=count_readiness(district, scope, today=today),
        terms=count_terms_ahead(district, today=today),
        administrators=count_administrators(district),
        new_terms=count_terms_ahead(district, today=today + LATELY),
        is_year_begun=find_year_begun(district) is not None,
    )
