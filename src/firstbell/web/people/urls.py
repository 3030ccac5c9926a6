"""Paths under /d/<code>/people/."""

from django.urls import path

from firstbell.web.people import (
    duplicate_views,
    editing_views,
    export_views,
    history_views,
    leaving_views,
    many_views,
    merge_views,
    move_views,
    person_views,
    role_views,
    telling_views,
    views,
)

urlpatterns = [
    path("", views.show_people, name="people"),
    path("export/", export_views.export_people, name="people_export"),
    path("duplicates/", duplicate_views.show_duplicates, name="people_duplicates"),
    path("many/", many_views.change_many, name="people_many"),
    path("add/", editing_views.add, name="person_add"),
    path("<int:person_id>/", person_views.show_person, name="person"),
    path("<int:person_id>/edit/", editing_views.edit, name="person_edit"),
    path("<int:person_id>/remove/", editing_views.remove, name="person_remove"),
    path("<int:person_id>/restore/", editing_views.restore, name="person_restore"),
    path("<int:person_id>/everything/", telling_views.tell, name="person_everything"),
    path("<int:person_id>/merge/", merge_views.find_other, name="person_merge"),
    path("<int:person_id>/merge/<int:other_id>/", merge_views.merge, name="person_merge_with"),
    path("<int:person_id>/apart/<int:other_id>/", duplicate_views.apart, name="person_apart"),
    path("<int:person_id>/last-day/", leaving_views.set_day, name="person_last_day"),
    path("<int:person_id>/move/", move_views.move, name="person_move"),
    path("<int:person_id>/roles/add/", role_views.add, name="role_add"),
    path("<int:person_id>/roles/<int:role_id>/", role_views.edit, name="role"),
    path("<int:person_id>/roles/<int:role_id>/remove/", role_views.remove, name="role_remove"),
    path("<int:person_id>/demographics/", person_views.show_demographics, name="person_demographics"),
    path("<int:person_id>/history/", history_views.show_history, name="person_history"),
    path("<int:person_id>/why/<int:row_id>/", history_views.show_why, name="person_why"),
    path("<int:person_id>/field/<slug:column>/", history_views.show_field, name="person_field"),
    path("<int:person_id>/demographics/history/", history_views.show_reported, name="person_reported"),
]
