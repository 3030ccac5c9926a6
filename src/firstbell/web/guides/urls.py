"""Paths under /d/<code>/guides/."""

from django.urls import path

from firstbell.web.guides import views

urlpatterns = [
    path("", views.show_guides, name="guides"),
    path("<slug:guide>/", views.show_guide, name="guide"),
]
