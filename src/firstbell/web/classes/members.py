"""Members of a class as its page shows them."""

from dataclasses import dataclass

from firstbell.domain.roster.queries.classes import Member
from firstbell.web.visit import Visit
from firstbell.web.words import grades_in_words, in_words


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One person in a class; ``url`` is blank where the viewer may not open their page."""

    name: str
    url: str
    role: str
    grade: str
    is_over: bool
    member: Member
    change_url: str = ""
    """Where the place can be changed or taken away; blank for who may not."""


def member_row(
    visit: Visit, member: Member, *, may_follow: bool, class_id: int = 0, may_change: bool = False
) -> MemberRow:
    """A member, the family name first, as the list is sorted."""
    over = member.end_date is not None and member.end_date <= visit.today
    return MemberRow(
        name=", ".join(part for part in (member.family_name, member.given_name) if part) or member.identifier,
        url=visit.url("person", member.person_id) if may_follow else "",
        role=("Main teacher" if member.is_main and member.role == "teacher" else in_words(member.role)),
        grade=grades_in_words(member.grades),
        is_over=over,
        member=member,
        change_url=visit.url("class_member", class_id, member.enrollment_id) if may_change else "",
    )
