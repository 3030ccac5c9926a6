"""The page of what is missing before the first bell."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.roster.queries.readiness import Lack, Readiness, count_readiness
from firstbell.web.frame import show
from firstbell.web.listing import address
from firstbell.web.ready.words import LACKS, lacks_in_words
from firstbell.web.visit import Visit, inside


@dataclass(frozen=True, slots=True)
class Missing:
    """One number: its column, what it says in words, and where those are listed whom it counts."""

    label: str
    count: int
    says: str
    url: str


@dataclass(frozen=True, slots=True)
class SchoolLine:
    """One school, or all of them together."""

    name: str
    students: int
    classes: int
    is_ready: bool
    missing: Sequence[Missing]
    cards_url: str = ""


@require_safe
@inside
def show_ready(visit: Visit) -> HttpResponse:
    """Each school of the viewer's, and all of them where there are several."""
    found = count_readiness(visit.district, visit.scope, today=visit.today)
    context = {
        "schools": [_line(visit, school) for school in found],
        "heads": [words.label for words in LACKS.values()],
        "ready": sum(school.is_ready for school in found),
        "says": [says for lack in LACKS if (says := _in_all(found, lack))],
        "classes_url": visit.url("classes"),
    }
    return show(visit, "ready/ready.html", context, room="ready")


def list_of(visit: Visit, lack: Lack, school_id: int | None = None) -> str:
    """The address of the list of those who lack it."""
    return address(visit.url(LACKS[lack].room), {"lack": lack.value, "school": school_id or ""})


def _line(visit: Visit, school: Readiness) -> SchoolLine:
    may_print = visit.may_change(Permission.SET_CREDENTIALS) and bool(school.students)
    return SchoolLine(
        school.school,
        school.students,
        school.classes,
        school.is_ready,
        [_missing(visit, school, lack) for lack in LACKS],
        visit.url("cards_school", school.school_id) if may_print else "",
    )


def _missing(visit: Visit, school: Readiness, lack: Lack) -> Missing:
    count = school.lacks.get(lack, 0)
    url = list_of(visit, lack, school.school_id) if count else ""
    return Missing(LACKS[lack].label, count, lacks_in_words(lack, count), url)


def _in_all(schools: Sequence[Readiness], lack: Lack) -> str:
    count = sum(school.lacks.get(lack, 0) for school in schools)
    return lacks_in_words(lack, count) if count else ""
