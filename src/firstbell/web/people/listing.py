"""The list of people: what was asked for, and how it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.formats import date_format
from django.utils.timezone import localtime

from firstbell.domain.districts.models import District
from firstbell.domain.imports.newcomers import came_with
from firstbell.domain.imports.queries import find_run
from firstbell.domain.roster.queries import people
from firstbell.domain.roster.queries.people import Came, PeopleFilter, PersonLine
from firstbell.domain.roster.queries.readiness import OF_PEOPLE, Lacking
from firstbell.domain.roster.queries.schools import Counted
from firstbell.web.columns import Columns
from firstbell.web.filters import LONGEST, ListFilter
from firstbell.web.listing import id_in
from firstbell.web.ready.words import LACKS, lack_in
from firstbell.web.visit import Visit
from firstbell.web.words import grades_in_words, in_words, roles_in_words

REMOVED, BY_HAND, LEAVING = "removed", "by-hand", "leaving"
COLUMNS: Final = Columns(
    first="Name",
    default="name",
    labels={
        "identifier": "ID",
        "username": "Username",
        "email": "E-mail",
        "role": "Role",
        "grade": "Grade",
        "school": "School",
        "sign_in": "Sign-in",
        "source": "Comes from",
    },
    usual=("username", "role", "grade", "school", "sign_in"),
    sorts={"identifier": "identifier", "username": "username", "email": "email"},
)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row of the table."""

    name: str
    url: str
    identifier: str
    username: str
    role: str
    grade: str
    school: str
    sign_in: tuple[str, str]
    """What the chip says, and its tone."""
    line: PersonLine
    columns: tuple[str, ...] = COLUMNS.usual
    kept_until: str = ""

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """The columns that are shown: name, label and text."""
        said = {
            "identifier": self.identifier,
            "username": self.username,
            "email": self.line.email,
            "role": self.role,
            "grade": self.grade,
            "school": self.school,
            "sign_in": self.sign_in[0],
            "source": self.line.source or "Added by hand",
        }
        return [(name, COLUMNS.labels[name], said[name]) for name in self.columns]


def wanted_in(visit: Visit, sent: Mapping[str, str] | None = None) -> PeopleFilter:
    """The filter in the address (or in what was sent); what makes no sense is left out."""
    asked = visit.request.GET if sent is None else sent
    lack = lack_in(asked.get("lack", ""), OF_PEOPLE)
    return PeopleFilter(
        words=asked.get("q", "")[:LONGEST],
        school=id_in(asked.get("school", "")),
        role=asked.get("role", "").replace("\0", "") or None,
        grade=asked.get("grade", "").replace("\0", "") or None,
        removed=asked.get("state") == REMOVED,
        by_hand=asked.get("state") == BY_HAND,
        leaving=asked.get("state") == LEAVING,
        came=_came_in(visit, asked.get("run", "")),
        sort=sort if (sort := asked.get("sort", "")) in people.ORDERS else "name",
        lacking=Lacking(lack, visit.today) if lack else None,
    )


def _came_in(visit: Visit, text: str) -> Came | None:
    """Whom a run of this district brought for the first time."""
    number = id_in(text)
    run = find_run(visit.district, number) if number is not None else None
    return came_with(run) if run else None


def parameters_of(wanted: PeopleFilter) -> dict[str, str | int]:
    """The filter as it stands in an address."""
    return {
        "q": wanted.words,
        "school": wanted.school or "",
        "role": wanted.role or "",
        "grade": wanted.grade or "",
        "lack": wanted.lacking.lack.value if wanted.lacking else "",
        "state": state_of(wanted),
        "run": wanted.came.run_id if wanted.came else "",
    }


def state_of(wanted: PeopleFilter) -> str:
    """Which of the people are shown: all that are on the roster (blank), or a part of them, or those removed."""
    if wanted.removed:
        return REMOVED
    return LEAVING if wanted.leaving else BY_HAND if wanted.by_hand else ""


def filter_of(visit: Visit, wanted: PeopleFilter) -> ListFilter:
    """The form above the list, with the counts of its choices."""
    form = ListFilter(parameters_of(wanted), path=visit.url("people"), label="Name, username, ID or e-mail")
    schools = people.count_people_by_school(visit.district, visit.scope, wanted)
    roles = people.count_people_by_role(visit.district, visit.scope, wanted)
    form.add_choice("school", "School", "All schools", schools)
    form.add_choice("role", "Role", "All roles", [Counted(r.value, in_words(r.value), r.count) for r in roles])
    grades = people.count_people_by_grade(visit.district, visit.scope, wanted)
    said = [Counted(grade.value, grades_in_words([grade.value]), grade.count) for grade in grades]
    form.add_choice("grade", "Grade", "All grades", said)
    form.add_plain_choice("lack", "Missing", "Whatever", [(lack.value, LACKS[lack].label) for lack in OF_PEOPLE])
    here, gone = (
        people.count_people(visit.district, visit.scope, PeopleFilter(removed=gone)) for gone in (False, True)
    )
    parts = [(REMOVED, f"Removed ({gone:,})"), (BY_HAND, "Added by hand"), (LEAVING, "Added by hand, with a last day")]
    form.add_plain_choice("state", "Show", f"On the roster ({here:,})", parts)
    if wanted.came:
        number = str(wanted.came.run_id)
        form.add_plain_choice("run", "New with", "Whatever", [(number, f"Run {number}")])
    return form


def row_of(visit: Visit, line: PersonLine, columns: tuple[str, ...] = COLUMNS.usual) -> PersonRow:
    """A person as the table shows them: the family name first, as the list is sorted."""
    return PersonRow(
        name=", ".join(part for part in (line.family_name, line.given_name) if part) or line.identifier,
        url=visit.url("person", line.id),
        identifier=line.identifier,
        username=line.username,
        role=roles_in_words(line.roles),
        grade=grades_in_words(line.grades),
        school=", ".join(line.schools),
        sign_in=sign_in_words(is_enabled=line.is_enabled, can_sign_in=line.can_sign_in),
        line=line,
        columns=columns,
        kept_until=kept_until(visit.district, line.removed_at),
    )


def kept_until(district: District, removed_at: datetime | None) -> str:
    """The day until which somebody who was removed can be restored; blank for who is on the roster."""
    if removed_at is None:
        return ""
    return date_format(localtime(removed_at) + timedelta(days=district.retention_days), "F j, Y")


def sign_in_words(*, is_enabled: bool, can_sign_in: bool) -> tuple[str, str]:
    """Whether somebody can sign in, in words and a tone."""
    if not is_enabled:
        return ("Disabled", "wait")
    return ("Can sign in", "good") if can_sign_in else ("No password yet", "neutral")
