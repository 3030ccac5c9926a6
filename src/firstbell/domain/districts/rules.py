"""How people sign in to a district: what it asks of them."""

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District, FirstLogIn
from firstbell.domain.districts.wall import within

LEAST_DAYS, MOST_DAYS = 30, 3650
"""A month, so that a slip is found before it is too late; ten years."""


def ask_for_second_factor(district: District, *, of_administrators: bool, by: Actor) -> None:
    """Whether district and IT administrators need a second step to sign in. From their next request on."""
    with within(district):
        district.administrators_need_second_factor = of_administrators
        district.save(update_fields=["administrators_need_second_factor"])
        detail = {"of_administrators": of_administrators}
        what = "district.second_factor"
        record(district.pk, what, by=by, subject_kind="district", subject_id=district.pk, detail=detail)


def let_staff_in(district: District, *, allowed: bool, by: Actor) -> None:
    """Whether vendor staff may look at the district. Visits that go on are ended by accounts.staff.end_visit."""
    with within(district):
        district.lets_staff_in = allowed
        district.save(update_fields=["lets_staff_in"])
        detail = {"allowed": allowed}
        record(district.pk, "district.staff", by=by, subject_kind="district", subject_id=district.pk, detail=detail)


def keep_removed(district: District, days: int, *, by: Actor) -> None:
    """For how many days who was removed can be restored. Who left longer ago is erased for good, from tonight on."""
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise ValueError(days)
    with within(district):
        was, district.retention_days = district.retention_days, days
        district.save(update_fields=["retention_days"])
        detail = {"days": days, "was": was}
        record(district.pk, "district.retention", by=by, subject_kind="district", subject_id=district.pk, detail=detail)


def give_first_log_ins(district: District, kind: FirstLogIn, *, by: Actor) -> None:
    """What students get whom a list brings without a password. It is offered where the list has ended."""
    with within(district):
        district.first_log_in = kind
        district.save(update_fields=["first_log_in"])
        detail = {"kind": kind.value}
        what = "district.first_log_in"
        record(district.pk, what, by=by, subject_kind="district", subject_id=district.pk, detail=detail)


def ask_for_lengths(district: District, lengths: dict[str, int], *, by: Actor) -> None:
    """The least characters of students' passwords, by band of grades. Passwords that are set already stay."""
    with within(district):
        district.password_lengths = lengths
        district.save(update_fields=["password_lengths"])
        detail = dict(lengths)
        record(district.pk, "district.lengths", by=by, subject_kind="district", subject_id=district.pk, detail=detail)


def limit_sessions(district: District, hours: dict[str, int], *, by: Actor) -> None:
    """For how many hours somebody stays signed in, by group of roles. It holds from their next sign-in on."""
    with within(district):
        district.session_hours = hours
        district.save(update_fields=["session_hours"])
        what = "district.sessions"
        record(district.pk, what, by=by, subject_kind="district", subject_id=district.pk, detail=dict(hours))


def give_grace(district: District, *, days: int, by: Actor) -> None:
    """For how many days a student who is missing from the roster can still sign in."""
    with within(district):
        district.student_grace_days = days
        district.save(update_fields=["student_grace_days"])
        what, detail = "district.student_grace", {"days": days}
        record(district.pk, what, by=by, subject_kind="district", subject_id=district.pk, detail=detail)
