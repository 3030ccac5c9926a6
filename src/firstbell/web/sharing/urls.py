"""Paths under /d/<code>/programs/."""

from django.urls import path

from firstbell.web.sharing import views

urlpatterns = [
    path("", views.programs, name="programs"),
    path("<int:client_id>/revoke/", views.revoke, name="program_revoke"),
]
