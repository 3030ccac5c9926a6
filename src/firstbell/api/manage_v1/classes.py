"""Adding, changing, removing and restoring classes, and who is in them: by the verbs and rules of the pages."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Status

from firstbell.api.manage_v1.bodies import ClassBody, NewMembersBody, PlaceBody, said_in
from firstbell.api.manage_v1.etags import ensure_as_seen
from firstbell.api.manage_v1.once import once
from firstbell.api.manage_v1.people import CHANGED
from firstbell.api.manage_v1.problems import ANSWERS
from firstbell.api.manage_v1.roster import CLASSES, WholeClassShape, class_shape, router
from firstbell.api.manage_v1.visit import visit
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import access_class
from firstbell.domain.roster.editing.classes import add_class, edit_class, remove_class, restore_class
from firstbell.domain.roster.editing.editor import Editor, access_editor, find_place_in_class
from firstbell.domain.roster.editing.places import add_members, edit_place, remove_places, restore_place
from firstbell.domain.roster.models import Class

__all__ = ["router"]
"""That of people and classes with all that is done to them: an address has one router, whatever its method."""
CLASS = f"{CLASSES}/{{int:class_id}}"
MEMBERS = f"{CLASS}/members"
MEMBER = f"{MEMBERS}/{{int:place_id}}"


@router.post(CLASSES, response={201: WholeClassShape, **ANSWERS}, operation_id="add_class")
@once
def post_class(request: HttpRequest, response: HttpResponse, code: str, body: ClassBody) -> Status[WholeClassShape]:
    """Add a class. It belongs to no source, so it is yours to change."""
    viewer, district = visit(request, code)
    with within(district):
        editor = access_editor(district, viewer, today=today_of(district))
        class_id = add_class(district, said_in(body), by=editor)
        shape = class_shape(viewer, district, class_id)
    response["Location"] = reverse("manage-v1:get_class", args=[code, class_id])
    return Status(201, shape)


@router.patch(CLASS, response={200: WholeClassShape, **CHANGED}, operation_id="edit_class")
@once
def patch_class(request: HttpRequest, code: str, class_id: int, body: ClassBody) -> WholeClassShape:
    """Change a class: the fields that you name. Those in `locked` are changed in the source that has them."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, class_id) as (editor, row):
        edit_class(district, class_id, said_in(body), seen=row.stamp, by=editor)
        return class_shape(viewer, district, class_id)


@router.delete(CLASS, response={200: WholeClassShape, **CHANGED}, operation_id="remove_class")
@once
def delete_class(request: HttpRequest, code: str, class_id: int) -> WholeClassShape:
    """Remove a class with the places in it. Nobody leaves the roster, and all can be restored."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, class_id) as (editor, _):
        remove_class(district, class_id, by=editor)
        return class_shape(viewer, district, class_id)


@router.post(f"{CLASS}/restore", response={200: WholeClassShape, **CHANGED}, operation_id="restore_class")
@once
def bring_class_back(request: HttpRequest, code: str, class_id: int) -> WholeClassShape:
    """Bring a removed class back, with those who were in it."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, class_id) as (editor, _):
        restore_class(district, class_id, by=editor)
        return class_shape(viewer, district, class_id)


@router.post(MEMBERS, response={200: WholeClassShape, **CHANGED}, operation_id="add_members")
@once
def post_members(request: HttpRequest, code: str, class_id: int, body: NewMembersBody) -> WholeClassShape:
    """Give people places in a class. Who has such a place already keeps it; all of them come, or none."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, class_id) as (editor, _):
        add_members(district, class_id, body.person_ids, said_in(body), by=editor)
        return class_shape(viewer, district, class_id)


@router.patch(MEMBER, response={200: WholeClassShape, **CHANGED}, operation_id="edit_member")
@once
def patch_member(request: HttpRequest, code: str, class_id: int, place_id: int, body: PlaceBody) -> WholeClassShape:
    """Change as what and until when somebody is in a class."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, class_id) as (editor, _):
        place = find_place_in_class(district, class_id, place_id)
        edit_place(district, class_id, place_id, said_in(body), seen=place.stamp, by=editor)
        return class_shape(viewer, district, class_id)


@router.delete(MEMBER, response={200: WholeClassShape, **CHANGED}, operation_id="remove_member")
@once
def delete_member(request: HttpRequest, code: str, class_id: int, place_id: int) -> WholeClassShape:
    """Take somebody out of a class. They stay on the roster, and can be given the place back."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, class_id) as (editor, _):
        remove_places(district, class_id, [place_id], by=editor)
        return class_shape(viewer, district, class_id)


@router.post(f"{MEMBER}/restore", response={200: WholeClassShape, **CHANGED}, operation_id="restore_member")
@once
def bring_member_back(request: HttpRequest, code: str, class_id: int, place_id: int) -> WholeClassShape:
    """Give somebody their place in a class back."""
    viewer, district = visit(request, code)
    with changing(request, viewer, district, class_id) as (editor, _):
        restore_place(district, class_id, place_id, by=editor)
        return class_shape(viewer, district, class_id)


@contextmanager
def changing(request: HttpRequest, viewer: Viewer, district: District, class_id: int) -> Iterator[tuple[Editor, Class]]:
    """Who changes, and the class as it is: nobody else writes until it is done. Raises Changed and what hinders."""
    today = today_of(district)
    with within(district):
        editor = access_editor(district, viewer, today=today)
        lock(district)
        found = access_class(district, viewer, class_id, today=today)
        ensure_as_seen(request, class_shape(viewer, district, class_id))
        yield editor, found
