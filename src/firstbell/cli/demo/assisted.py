"""The demo's third district: One-Time Assisted, part way. Its files came, were returned, came again, and wait.

Each start makes what is missing, and leaves alone what somebody did since.
"""

import io
from typing import Final

from django.utils import timezone

from firstbell.cli.carrying import carry_out_told, ensure_district
from firstbell.cli.demo.handout import Login
from firstbell.domain.accounts.access import find_viewer
from firstbell.domain.accounts.models import Account, StaffMembership
from firstbell.domain.accounts.queries import find_account
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.accounts.visits import find_staff
from firstbell.domain.assisted.actions import claim, return_case, send_as_it_is
from firstbell.domain.assisted.bringing import bring_files
from firstbell.domain.assisted.models import Case, CaseState, Form
from firstbell.domain.assisted.opening import Wish, request_case
from firstbell.domain.assisted.queries import find_case, list_cases, list_uploads
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.imports.queries import find_run

WILLOW: Final = "willow-creek"
SCHOOL: Final = "Willow Creek Academy"
SAYS: Final = (
    "Two students called Sam Reed are in the same class without a student number, so we cannot tell them apart, and"
    " “thrid” is no grade. Please give both a number, put the grade right, and bring the file again."
)
STUDENTS: Final = "First name,Last name,Student number,Grade,Username,Schools,Classes"
STAFF: Final = "First name,Last name,Role,Email,Schools,Classes"
NAMES: Final = (
    ("Amara", "Obi"),
    ("Ben", "Castillo"),
    ("Chloe", "Nakai"),
    ("Dmitri", "Volkov"),
    ("Elena", "Marsh"),
    ("Farah", "Siddiqui"),
    ("Gus", "Lindqvist"),
    ("Hana", "Watanabe"),
    ("Isaac", "Brooks"),
    ("June", "Park"),
    ("Kofi", "Mensah"),
    ("Lucia", "Ferrari"),
)


def ensure_willow() -> District:
    """The district without its case."""
    return ensure_district(WILLOW, "Willow Creek Schools", method="assisted", time_zone="America/New_York")


def ensure_case(district: District, logins: tuple[Login, ...], url: str) -> None:
    """Take its first case as far as the plan of its second files; no further than somebody else took it."""
    office, tess = _account(logins, "district_administrator", WILLOW), _account(logins, "technical_services", "")
    staff = find_staff(tess)
    viewer = find_viewer(office, chosen=None)
    assert staff is not None
    assert viewer is not None
    cases = list_cases(district)
    case = cases[-1] if cases else _ask(district, viewer, url)
    while (again := find_case(district, case.pk)) is not None and _one_step(district, again, viewer, staff):
        pass


def _account(logins: tuple[Login, ...], role: str, code: str) -> Account:
    login = next(one for one in logins if (one.role, one.district) == (role, code))
    account = find_account(login.username)
    assert account is not None
    return account


def _ask(district: District, viewer: Viewer, url: str) -> Case:
    wish = Wish(viewer.account_id or 0, schools=(SCHOOL,), form=Form.SIMPLE, origin=url.rstrip("/"))
    return request_case(district, wish, now=timezone.now(), by=viewer)


def _one_step(district: District, case: Case, viewer: Viewer, staff: StaffMembership) -> bool:
    """The next thing that happens in the story of this case; False where it is told."""
    now, versions = timezone.now(), len(list_uploads(district, case))
    by = Actor("account", str(staff.account_id), f"{staff.account.name} (Technical Services)")
    match case.state, versions:
        case CaseState.TEMPLATES, 0:
            bring_files(district, case, _files(faulty=True), now=now, by=viewer)
        case CaseState.RECEIVED, _:
            run = find_run(district, case.run_id or 0)
            assert run is not None
            carry_out_told(district, run)
        case CaseState.CHECKED, 1:
            send_as_it_is(district, case, now=now, by=viewer)
        case CaseState.PLANNED, 1:
            claim(district, case, staff, by=by)
            return_case(district, case, SAYS, now=now, by=by)
        case CaseState.RETURNED, 1:
            bring_files(district, case, _files(faulty=False), now=now, by=viewer)
        case _:
            return False
    return True


def _files(*, faulty: bool) -> list[tuple[str, io.BytesIO]]:
    """The two sheets of the simple form, as the office filled them in."""
    students = [
        f"{given},{family},{2001 + place:05},{3 + place % 2},{given}.{family},{SCHOOL},Room {1 + place % 2}"
        for place, (given, family) in enumerate(NAMES)
    ]
    numbers = ("", "") if faulty else ("02051", "02052")
    students += [f"Sam,Reed,{number},3,,{SCHOOL},Room 1" for number in numbers]
    if faulty:
        students[1] = students[1].replace(",4,", ",thrid,")
    else:
        students.append(f"Maya,Stone,02053,4,maya.stone,{SCHOOL},Room 2")
    staff = [
        f"Rita,Gomez,Teacher,rita.gomez@willow-creek.example.org,{SCHOOL},Room 1",
        f"Neil,Ash,Teacher,neil.ash@willow-creek.example.org,{SCHOOL},Room 2",
        f"Opal,Winters,Principal,opal.winters@willow-creek.example.org,{SCHOOL},",
    ]
    sheets = {"Students": [STUDENTS, *students], "Teachers and staff": [STAFF, *staff]}
    return [(f"{name}.csv", io.BytesIO(("\n".join(rows) + "\n").encode())) for name, rows in sheets.items()]
