"""Paths under /d/<code>/acts/: what was done by hand."""

from django.urls import path

from firstbell.web.editing import act_views

urlpatterns = [
    path("<int:event_id>/", act_views.show_act, name="act"),
    path("<int:event_id>/undo/", act_views.undo, name="act_undo"),
]
