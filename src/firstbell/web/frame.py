"""The frame around every signed-in page: the district, the rooms that the viewer may enter, the account."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firstbell.domain.accounts.models import Role
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.districts.models import Method
from firstbell.domain.imports.queries import count_waiting
from firstbell.domain.roster.queries.schools import name_schools
from firstbell.web.closing import with_closed_forms
from firstbell.web.components.shapes import Link, LinkGroup, Shell
from firstbell.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the navigation: the address' name, who may go there, and the group that it stands in.

    A group with one room for the viewer is that room's tab; a room without a group always is.
    """

    name: str
    label: str
    icon: str
    permission: Permission
    group: str = ""


START, ROSTER, IMPORTS, DISTRICT = "Start", "Roster", "Imports", "District"
ROOMS: Final[tuple[Room, ...]] = (
    Room("home", "Home", "home", Permission.VIEW_ROSTER, START),
    Room("ready", "First bell", "clock", Permission.VIEW_ROSTER, START),
    Room("guides", "Guides", "compass", Permission.EDIT_ROSTER, START),
    Room("people", "People", "people", Permission.VIEW_ROSTER, ROSTER),  # here: duplicates
    Room("classes", "Classes", "class", Permission.VIEW_ROSTER, ROSTER),
    Room("schools", "Schools", "school", Permission.VIEW_ROSTER, ROSTER),
    Room("terms", "Terms", "calendar", Permission.VIEW_ROSTER, ROSTER),
    Room("lists", "Lists", "file", Permission.BRING_LISTS, IMPORTS),
    Room("runs", "Runs", "run", Permission.VIEW_RUNS, IMPORTS),
    Room("sources", "Sources", "source", Permission.MANAGE_SOURCES, IMPORTS),
    Room("cases", "Assisted", "people", Permission.MANAGE_CASES, IMPORTS),
    Room("members", "Members", "people", Permission.MANAGE_MEMBERSHIPS, DISTRICT),
    Room("sign_ons", "Sign-in", "key", Permission.MANAGE_MEMBERSHIPS, DISTRICT),
    Room("programs", "Programs", "run", Permission.SHARE_ROSTER, DISTRICT),
    Room("method", "Method", "compass", Permission.MANAGE_SOURCES, DISTRICT),
    Room("contact", "Contact", "info", Permission.VIEW_ROSTER, DISTRICT),
)
WHERE_RUNS_WAIT: Final = "runs"
OWN_ROOMS: Final = (
    Room("my_classes", "My classes", "class", Permission.VIEW_OWN_CLASSES),
    Room("contact", "Contact", "info", Permission.VIEW_OWN_CLASSES),
)
"""Those of teachers and students; whoever sees the roster finds their classes there."""


def show(visit: Visit, template: str, context: Mapping[str, object], *, room: str, status: int = 200) -> HttpResponse:
    """Render a page in its frame; ``room`` is the entry of the navigation that it belongs to.

    Who only looks sees forms as they are, and can neither fill them in nor send them.
    """
    shell = shell_of(visit, room)
    response = render(visit.request, template, {**context, "shell": shell}, status=status)
    if visit.viewer.is_read_only:
        response.content = with_closed_forms(response.content.decode(), but=shell.leave_url)
    return response


def show_part(visit: Visit, template: str, context: Mapping[str, object]) -> HttpResponse:
    """Render a part of a page, for htmx."""
    return render(visit.request, template, dict(context))


def landing_of(visit: Visit) -> Room:
    """Where the viewer begins."""
    return rooms_of(visit)[0]


def rooms_of(visit: Visit) -> list[Room]:
    """The rooms that the viewer may enter, in their order."""
    rooms = [room for room in ROOMS if visit.viewer.may(room.permission)]
    return rooms or list(OWN_ROOMS)


def shell_of(visit: Visit, room: str) -> Shell:
    """The frame's words."""
    viewer = visit.viewer
    real = visit.district.practice_of
    return Shell(
        district_name=visit.district.name,
        place=_place(visit),
        person_name=viewer.name,
        role=viewer.role.label if viewer.role else "Visiting",
        home_url=visit.url("home"),
        groups=_groups(visit, room),
        memberships_url=reverse("web:choose") if visit.can_change else "",
        has_own_password=visit.account.email is not None,
        visit_ends=visit.staff_visit.ends_at if visit.staff_visit else None,
        only_looks=viewer.is_read_only,
        leave_url=reverse("web:staff_leave", args=[visit.district.code]) if visit.staff_visit else "",
        practice_of=real.name if real else "",
        end_practice_url=reverse("web:practice_end", args=[real.code]) if real and _may_practise(visit) else "",
        real_url=reverse("web:home", args=[real.code]) if real and _may_practise(visit) else "",
    )


def _may_practise(visit: Visit) -> bool:
    return visit.viewer.may(Permission.MANAGE_MEMBERSHIPS)


def _groups(visit: Visit, room: str) -> tuple[LinkGroup, ...]:
    """The rooms under their groups, in the order of the first of each."""
    links: dict[str, list[Link]] = {}
    for entry in rooms_of(visit):
        waiting = count_waiting(visit.district) if entry.name == WHERE_RUNS_WAIT else 0
        link = Link(entry.label, visit.url(entry.name), entry.icon, current=entry.name == room, waiting=waiting)
        links.setdefault(entry.group or entry.label, []).append(link)
    return tuple(LinkGroup(label, tuple(inside)) for label, inside in links.items())


def _place(visit: Visit) -> str:
    """A principal's or registrar's schools, the method for administrators, nothing for teachers and students."""
    if not visit.viewer.may(Permission.VIEW_ROSTER):
        return ""
    if visit.viewer.role in {Role.PRINCIPAL, Role.REGISTRAR}:
        return ", ".join(name_schools(visit.district, visit.scope)) or "No school yet"
    return str(Method(visit.district.method).label)
