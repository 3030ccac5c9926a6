"""Adding, changing, removing and restoring people and their roles: by the verbs of the pages, under their rules."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Status

from firstbell.api.manage_v1.bodies import NewPersonBody, PersonBody, RoleBody, RoleDatesBody, said_in
from firstbell.api.manage_v1.etags import ensure_as_seen
from firstbell.api.manage_v1.once import once
from firstbell.api.manage_v1.problems import ANSWERS, Problem
from firstbell.api.manage_v1.roster import PEOPLE, WholePersonShape, person_shape, router
from firstbell.api.manage_v1.visit import visit
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import access_person
from firstbell.domain.roster.editing.editor import Editor, access_editor, find_row_of_person
from firstbell.domain.roster.editing.people import add_person, edit_person, remove_person, restore_person
from firstbell.domain.roster.editing.roles import add_role, edit_role, remove_role, restore_role
from firstbell.domain.roster.models import User

PERSON = f"{PEOPLE}/{{int:person_id}}"
ROLES = f"{PERSON}/roles"
ROLE = f"{ROLES}/{{int:role_id}}"
CHANGED = {**ANSWERS, 412: Problem}
"""Of what is changed: 412 where it is not as `If-Match` says any more."""


@router.post(PEOPLE, response={201: WholePersonShape, **ANSWERS}, operation_id="add_person")
@once
def post_person(
    request: HttpRequest, response: HttpResponse, code: str, body: NewPersonBody
) -> Status[WholePersonShape]:
    """Add a person with at least one role in a school. They belong to no source, so they are yours to change."""
    viewer, district = visit(request, code)
    with within(district):
        editor = access_editor(district, viewer, today=today_of(district))
        person_id = add_person(district, said_in(body), [said_in(role) for role in body.roles], by=editor)
        shape = person_shape(viewer, district, person_id)
    response["Location"] = reverse("manage-v1:get_person", args=[code, person_id])
    return Status(201, shape)


@router.patch(PERSON, response={200: WholePersonShape, **CHANGED}, operation_id="edit_person")
@once
def patch_person(request: HttpRequest, code: str, person_id: int, body: PersonBody) -> WholePersonShape:
    """Change who a person is: the fields that you name. Those in `locked` are changed in the source that has them."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, person_id) as (editor, row):
        edit_person(district, row.id, said_in(body), seen=row.stamp, by=editor)
        return person_shape(viewer, district, row.id)


@router.delete(PERSON, response={200: WholePersonShape, **CHANGED}, operation_id="remove_person")
@once
def delete_person(request: HttpRequest, code: str, person_id: int) -> WholePersonShape:
    """Remove a person with roles and places. All can be restored until the district's retention ends."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, person_id) as (editor, row):
        remove_person(district, row.id, by=editor)
        return person_shape(viewer, district, row.id)


@router.post(f"{PERSON}/restore", response={200: WholePersonShape, **CHANGED}, operation_id="restore_person")
@once
def bring_person_back(request: HttpRequest, code: str, person_id: int) -> WholePersonShape:
    """Bring a removed person back, with the roles and places that they left with."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, person_id) as (editor, row):
        restore_person(district, row.id, by=editor)
        return person_shape(viewer, district, row.id)


@router.post(ROLES, response={201: WholePersonShape, **CHANGED}, operation_id="add_role")
@once
def post_role(request: HttpRequest, code: str, person_id: int, body: RoleBody) -> Status[WholePersonShape]:
    """Give a person one more role."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, person_id) as (editor, row):
        add_role(district, row.id, said_in(body), by=editor)
        return Status(201, person_shape(viewer, district, row.id))


@router.patch(ROLE, response={200: WholePersonShape, **CHANGED}, operation_id="edit_role")
@once
def patch_role(request: HttpRequest, code: str, person_id: int, role_id: int, body: RoleDatesBody) -> WholePersonShape:
    """Change from when until when a role is held. Another role in another school is another role: add it."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, person_id) as (editor, row):
        held = find_row_of_person(district, row.id, "roles", role_id)
        edit_role(district, row.id, role_id, said_in(body), seen=held.stamp, by=editor)
        return person_shape(viewer, district, row.id)


@router.delete(ROLE, response={200: WholePersonShape, **CHANGED}, operation_id="remove_role")
@once
def delete_role(request: HttpRequest, code: str, person_id: int, role_id: int) -> WholePersonShape:
    """Take a role away. The person stays, so it is not their only one."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, person_id) as (editor, row):
        remove_role(district, row.id, role_id, by=editor)
        return person_shape(viewer, district, row.id)


@router.post(f"{ROLE}/restore", response={200: WholePersonShape, **CHANGED}, operation_id="restore_role")
@once
def bring_role_back(request: HttpRequest, code: str, person_id: int, role_id: int) -> WholePersonShape:
    """Give a role back that was taken away."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, person_id) as (editor, row):
        restore_role(district, row.id, role_id, by=editor)
        return person_shape(viewer, district, row.id)


@contextmanager
def changing(request: HttpRequest, viewer: Viewer, district: District, person_id: int) -> Iterator[tuple[Editor, User]]:
    """Who changes, and the person as they are: nobody else writes until it is done. Raises Changed and what hinders."""
    today = today_of(district)
    with within(district):
        editor = access_editor(district, viewer, today=today)
        lock(district)
        person = access_person(district, viewer, person_id, today=today)
        ensure_as_seen(request, person_shape(viewer, district, person.row.id))
        yield editor, person.row
