"""Paths under /d/<code>/ that are about classes."""

from django.urls import path

from firstbell.web.classes import history_views, views

urlpatterns = [
    path("classes/", views.show_classes, name="classes"),
    path("classes/<int:class_id>/", views.show_class, name="class"),
    path("classes/<int:class_id>/history/", history_views.show_history, name="class_history"),
    path("classes/<int:class_id>/field/<slug:column>/", history_views.show_field, name="class_field"),
    path("my-classes/", views.show_my_classes, name="my_classes"),
]
