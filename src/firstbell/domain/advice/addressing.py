"""Whom somebody asks: the vendor, the administrators of their district, or the office of their school."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.advice.access import audience_of
from firstbell.domain.advice.models import Audience
from firstbell.domain.advice.queries import find_owner
from firstbell.domain.advice.settings import AdviceSettings, Contact
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.queries.offices import list_office, schools_of_student
from firstbell.domain.roster.queries.schools import name_orgs

LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom a request is for, and whose it is at first: a name, and an address where it is one person's."""

    audience: Audience
    owner: Contact
    schools: tuple[int, ...] = ()


def find_addressee(district: District, settings: AdviceSettings, *, today: date, by: Viewer) -> Addressee:
    """Whom the viewer asks. Raises NotAllowed.

    A student of no school, or of one whose office has no account, asks the administrators.
    """
    audience = audience_of(by)
    if audience == Audience.VENDOR:
        return Addressee(audience, find_owner(district, settings))
    with within(district):
        at = schools_of_student(district, by.person_id, today=today) if by.person_id is not None else []
        schools = tuple(at) if audience == Audience.SCHOOL else ()
        if not (schools and list_office(district, schools, today=today)):
            return Addressee(audience, administrators_of(district), schools)
        names = " and ".join(sorted(name_orgs(district, schools).values()))
        return Addressee(audience, Contact(f"The office of {names}"[:LONGEST_NAME]), schools)


def administrators_of(district: District) -> Contact:
    """The administrators of a district, as the owner of a request: whichever of them answers first."""
    return Contact(f"The administrators of {district.name}"[:LONGEST_NAME])
