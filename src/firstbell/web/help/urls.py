"""Paths under /help/."""

from django.urls import path

from firstbell.web.help import views

urlpatterns = [
    path("findings/", views.show_index, name="help_findings"),
    path("findings/<str:code>/", views.show_finding, name="help_finding"),
]
