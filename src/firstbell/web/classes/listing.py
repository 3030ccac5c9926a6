"""The list of classes: what was asked for, and how it is shown."""

from dataclasses import dataclass

from firstbell.domain.roster.queries import classes
from firstbell.domain.roster.queries.classes import ClassFilter, ClassLine
from firstbell.domain.roster.queries.readiness import OF_CLASSES, Lacking
from firstbell.domain.roster.queries.schools import Counted
from firstbell.web.filters import LONGEST, ListFilter
from firstbell.web.listing import id_in
from firstbell.web.ready.words import LACKS, lack_in
from firstbell.web.visit import Visit
from firstbell.web.words import grades_in_words

REMOVED = "removed"
MOST_NAMED = 3
"""So many teachers of a class are named in a list; the others are counted."""


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One row of the table, one card of one's own classes."""

    title: str
    url: str
    code: str
    school: str
    terms: str
    periods: str
    place: str
    grade: str
    teachers: str
    students: int

    @property
    def when(self) -> str:
        """Periods and room in one line."""
        return " · ".join(part for part in (self.periods, self.place) if part)


def wanted_in(visit: Visit) -> ClassFilter:
    """The filter in the address; what makes no sense is left out."""
    asked = visit.request.GET
    lack = lack_in(asked.get("lack", ""), OF_CLASSES)
    return ClassFilter(
        words=asked.get("q", "")[:LONGEST],
        school=id_in(asked.get("school", "")),
        term=id_in(asked.get("term", "")),
        removed=asked.get("state") == REMOVED,
        lacking=Lacking(lack, visit.today) if lack else None,
    )


def parameters_of(wanted: ClassFilter) -> dict[str, str | int]:
    """The filter as it stands in an address."""
    return {
        "q": wanted.words,
        "school": wanted.school or "",
        "term": wanted.term or "",
        "lack": wanted.lacking.lack.value if wanted.lacking else "",
        "state": REMOVED if wanted.removed else "",
    }


def filter_of(visit: Visit, wanted: ClassFilter) -> ListFilter:
    """The form above the list, with the counts of its choices."""
    form = ListFilter(parameters_of(wanted), path=visit.url("classes"), label="Title, code or teacher")
    by_school = classes.count_classes_by_school(visit.district, visit.scope, wanted)
    by_term = classes.count_classes_by_term(visit.district, visit.scope, wanted)
    form.add_choice("school", "School", "All schools", by_school)
    form.add_choice("term", "Term", "All terms", by_term)
    form.add_plain_choice("lack", "Missing", "Whatever", [(lack.value, LACKS[lack].label) for lack in OF_CLASSES])
    live, removed = (
        classes.count_classes(visit.district, visit.scope, ClassFilter(removed=state)) for state in (False, True)
    )
    form.add_choice("state", "Show", f"On the roster ({live:,})", [Counted(REMOVED, "Removed", removed)])
    return form


def row_of(visit: Visit, line: ClassLine) -> ClassRow:
    """A class as lists show it."""
    named, more = line.teachers[:MOST_NAMED], len(line.teachers) - MOST_NAMED
    return ClassRow(
        title=line.title,
        url=visit.url("class", line.id),
        code=line.code,
        school=line.school,
        terms=", ".join(line.terms),
        periods=f"Period {', '.join(line.periods)}" if line.periods else "",
        place=f"Room {line.location}" if line.location[:1].isdigit() else line.location,
        grade=grades_in_words(line.grades),
        teachers=", ".join(named) + (f" and {more} more" if more > 0 else ""),
        students=line.students,
    )
