"""Paths under /d/<code>/ that are about classes."""

from django.urls import path

from firstbell.web.classes import views

urlpatterns = [
    path("classes/", views.show_classes, name="classes"),
    path("classes/<int:class_id>/", views.show_class, name="class"),
    path("my-classes/", views.show_my_classes, name="my_classes"),
]
