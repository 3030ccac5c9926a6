"""Many cases of One-Time Assisted at once: how fast the queue is, and how many acts of staff a clean case takes.

``python -m bench.cases 300`` opens so many cases, one a district, brings their files, lets all clean plans go, and
follows the first ten to their sign-off. The floor of the queue's page is the same rows read by SQL alone.
"""

import io
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from bench.home import temporary_home

if TYPE_CHECKING:
    from firstbell.domain.accounts.models import StaffMembership
    from firstbell.domain.accounts.viewer import Viewer
    from firstbell.domain.assisted.models import Case
    from firstbell.domain.districts.models import District

STUDENTS = 25
ASKED = 20
FOLLOWED = 10
FLOOR = (
    "select l.*, d.name from assisted_line l join districts_district d on d.id = l.district_id"
    " where waits_for = 'services' and state not in ('signed_off', 'cancelled') order by due_at, l.id limit 100"
)


def main() -> None:
    """Measure, and print what was found."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with temporary_home():
        _measure(count)


def _measure(count: int) -> None:
    from firstbell.domain.assisted.models import CaseState  # noqa: PLC0415 (Django is set up by now)
    from firstbell.domain.assisted.queries import Asked, list_lines  # noqa: PLC0415

    staff = _staff()
    begun = time.perf_counter()
    cases = [_open(number) for number in range(count)]
    print(f"{count} cases opened, their files checked: {_seconds(begun)} ({_each(begun, count)} each)")
    _print_queue()
    _print_portfolio()
    begun = time.perf_counter()
    clean = list_lines(Asked(clean=True), limit=10_000)
    _import_all([line.case_id for line in clean], staff)
    print(f"{len(clean)} clean plans let go, by {-(-len(clean) // 50)} presses of a button: {_seconds(begun)}")
    begun = time.perf_counter()
    followed = cases[:FOLLOWED]
    for district, viewer, case in followed:
        _to_the_end(district, viewer, case)
    each = _each(begun, len(followed))
    print(
        f"{len(followed)} of them imported, verified and signed off: {each} each, mostly hashing {STUDENTS} passwords"
    )
    assert {_again(district, case).state for district, _, case in followed} == {CaseState.SIGNED_OFF}
    acts = [_acts_of_staff(district, case) for district, _, case in cases]
    print("Acts of staff for a clean case:", dict(Counter(acts)))


def _staff() -> "StaffMembership":
    from firstbell.domain.accounts.staff import add_staff  # noqa: PLC0415
    from firstbell.domain.audit.actor import OPERATOR  # noqa: PLC0415

    return add_staff("sam@vendor.example", "Sam Services", "technical_services", by=OPERATOR)


def _open(number: int) -> "tuple[District, Viewer, Case]":
    from django.utils import timezone  # noqa: PLC0415

    from firstbell.domain.accounts.actions import give_membership, open_account  # noqa: PLC0415
    from firstbell.domain.accounts.models import Membership  # noqa: PLC0415
    from firstbell.domain.accounts.viewer import view_as  # noqa: PLC0415
    from firstbell.domain.assisted.bringing import bring_files  # noqa: PLC0415
    from firstbell.domain.assisted.opening import Wish, request_case  # noqa: PLC0415
    from firstbell.domain.audit.actor import OPERATOR  # noqa: PLC0415
    from firstbell.domain.districts.actions import add_district  # noqa: PLC0415

    district = add_district(f"bench-{number}", f"Bench District {number}", by=OPERATOR, method="assisted")
    account = open_account(f"contact{number}@example.org", "Con Tact", by=OPERATOR)
    membership = give_membership(district, account, "district_administrator", by=OPERATOR)
    viewer = view_as(Membership.objects.select_related("account").get(pk=membership.pk))
    now = timezone.now() - timedelta(minutes=number)
    case = request_case(district, Wish(contact_id=account.pk), now=now, by=viewer)
    files = [(f"{name}.csv", io.BytesIO(text.encode())) for name, text in _sheets().items()]
    bring_files(district, case, files, now=now, by=viewer)
    _work(district, case)
    return district, viewer, _again(district, case)


def _sheets() -> dict[str, str]:
    students = "".join(
        f"First{place},Last{place},{place:05},3,first{place},Lincoln,Homeroom\n" for place in range(STUDENTS)
    )
    return {
        "Students": f"First name,Last name,Student number,Grade,Username,Schools,Classes\n{students}",
        "Teachers and staff": "First name,Last name,Role,Email,Schools,Classes\n"
        "Tia,Teach,Teacher,tia@example.org,Lincoln,Homeroom\n",
    }


def _work(district: "District", case: "Case") -> None:
    """What a worker does with the case's run."""
    from firstbell.domain.imports.loading import carry_out  # noqa: PLC0415
    from firstbell.domain.imports.queries import find_run  # noqa: PLC0415

    run = find_run(district, _again(district, case).run_id or 0)
    assert run is not None
    carry_out(district, run)


def _again(district: "District", case: "Case") -> "Case":
    from firstbell.domain.assisted.queries import find_case  # noqa: PLC0415

    found = find_case(district, case.pk)
    assert found is not None
    return found


def _import_all(case_ids: list[int], staff: "StaffMembership") -> None:
    from firstbell.domain.assisted.actions import MOST_AT_ONCE, import_clean_plans  # noqa: PLC0415
    from firstbell.domain.audit.actor import Actor  # noqa: PLC0415

    by = Actor("account", str(staff.account_id), staff.account.name)
    for place in range(0, len(case_ids), MOST_AT_ONCE):
        _, not_now = import_clean_plans(case_ids[place : place + MOST_AT_ONCE], staff, by=by)
        assert not not_now, not_now


def _to_the_end(district: "District", viewer: "Viewer", case: "Case") -> None:
    from django.utils import timezone  # noqa: PLC0415

    from firstbell.domain.assisted.answering import confirm_rest, sign_off  # noqa: PLC0415
    from firstbell.domain.assisted.handing import hand_over_logins, open_logins  # noqa: PLC0415

    _work(district, case)
    now = timezone.now()
    confirm_rest(district, _again(district, case), now=now, by=viewer)
    open_logins(district, _again(district, case), today=now.date())
    hand_over_logins(district, _again(district, case), now=now, by=viewer)
    sign_off(district, _again(district, case), now=now, by=viewer)


def _acts_of_staff(district: "District", case: "Case") -> int:
    """Decisions of staff in the audit of a case; claiming by letting a plan go is part of that act."""
    from firstbell.domain.audit.queries import list_events  # noqa: PLC0415
    from firstbell.domain.districts.wall import within  # noqa: PLC0415

    with within(district):
        events = list_events(district.pk, subject_kind="case", subject_id=case.pk)
    return sum(event.actor_name == "Sam Services" and event.verb != "case.claimed" for event in events)


def _print_queue() -> None:
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from firstbell.domain.assisted.models import Line, Side  # noqa: PLC0415
    from firstbell.domain.assisted.queries import Asked, count_queue, list_lines  # noqa: PLC0415

    def ask() -> None:
        list_lines(Asked(waits_for=Side.SERVICES), limit=100)
        count_queue(1, now=timezone.now())

    def floor() -> None:
        with connection.cursor() as cursor:
            cursor.execute(FLOOR)
            cursor.fetchall()

    mine, least = _median(ask), _median(floor)
    ratio = mine / least
    print(f"The queue with {Line.objects.count()} cases: {mine:.1f} ms; SQL alone {least:.1f} ms ({ratio:.1f}x)")


def _print_portfolio() -> None:
    """A portfolio of all districts; the floor is their standings and contacts read by SQL alone."""
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from firstbell.domain.districts.queries import list_districts  # noqa: PLC0415
    from firstbell.domain.portfolio.looking import look_at  # noqa: PLC0415
    from firstbell.domain.portfolio.queries import list_whole_portfolio  # noqa: PLC0415

    districts, begun = list_districts(), time.perf_counter()
    for district in districts:
        look_at(district, now=timezone.now())
    looked = _each(begun, len(districts))

    def floor() -> None:
        with connection.cursor() as cursor:
            for table in ("districts_district", "portfolio_standing", "assisted_line", "advice_districtcontact"):
                cursor.execute(f"select * from {table}")
                cursor.fetchall()

    mine, least = _median(lambda: list_whole_portfolio(now=timezone.now())), _median(floor)
    print(
        f"A portfolio of {len(districts)} districts: {mine:.1f} ms; SQL alone {least:.1f} ms ({mine / least:.1f}x);"
        f" looking at one {looked}"
    )


def _median(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(ASKED):
        begun = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def _seconds(begun: float) -> str:
    return f"{time.perf_counter() - begun:.1f} s"


def _each(begun: float, count: int) -> str:
    return f"{1000 * (time.perf_counter() - begun) / count:.0f} ms"


if __name__ == "__main__":
    main()
