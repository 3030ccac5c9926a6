"""Paths under /d/<code>/ that are about classes."""

from django.urls import path

from firstbell.web.classes import editing_views, export_views, history_views, many_views, member_views, views

urlpatterns = [
    path("classes/", views.show_classes, name="classes"),
    path("classes/export/", export_views.export_classes, name="classes_export"),
    path("classes/many/", many_views.change_many, name="classes_many"),
    path("classes/add/", editing_views.add, name="class_add"),
    path("classes/<int:class_id>/", views.show_class, name="class"),
    path("classes/<int:class_id>/edit/", editing_views.edit, name="class_edit"),
    path("classes/<int:class_id>/remove/", editing_views.remove, name="class_remove"),
    path("classes/<int:class_id>/restore/", editing_views.restore, name="class_restore"),
    path("classes/<int:class_id>/members/add/", member_views.add, name="class_members_add"),
    path("classes/<int:class_id>/members/<int:place_id>/", member_views.edit, name="class_member"),
    path("classes/<int:class_id>/members/<int:place_id>/remove/", member_views.remove, name="class_member_remove"),
    path("classes/<int:class_id>/history/", history_views.show_history, name="class_history"),
    path("classes/<int:class_id>/field/<slug:column>/", history_views.show_field, name="class_field"),
    path("my-classes/", views.show_my_classes, name="my_classes"),
]
