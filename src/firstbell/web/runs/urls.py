"""Paths under /d/<code>/runs/."""

from django.urls import path

from firstbell.web.runs import acknowledging, asking, deciding, downloads, uploading, views

urlpatterns = [
    path("", views.show_runs, name="runs"),
    path("upload/", uploading.upload, name="upload"),
    path("<int:run_id>/", views.show_run, name="run"),
    path("<int:run_id>/progress/", views.show_progress, name="run_progress"),
    path("<int:run_id>/findings/", views.show_findings, name="run_findings"),
    path("<int:run_id>/acknowledge/", acknowledging.show_acknowledge, name="run_acknowledge"),
    path("<int:run_id>/changes/<slug:table>/", views.show_changes, name="run_changes"),
    path("<int:run_id>/findings<str:ending>", downloads.download_findings, name="run_report"),
    path("<int:run_id>/input/", downloads.download_input, name="run_input"),
    path("<int:run_id>/approve/", deciding.approve, name="run_approve"),
    path("<int:run_id>/safe-part/", deciding.let_safe_part_go, name="run_safe_part"),
    path("<int:run_id>/others/", deciding.let_others_go, name="run_others"),
    path("<int:run_id>/ask/", asking.show_ask, name="run_ask"),
    path("<int:run_id>/discard/", deciding.discard, name="run_discard"),
    path("<int:run_id>/undo/", deciding.undo, name="run_undo"),
    path("<int:run_id>/again/", deciding.try_again, name="run_again"),
]
