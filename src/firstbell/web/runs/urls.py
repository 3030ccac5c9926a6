"""Paths under /d/<code>/runs/."""

from django.urls import path

from firstbell.web.runs import change_views, deciding, finding_views, upload_views, views

urlpatterns = [
    path("", views.show_runs, name="runs"),
    path("upload/", upload_views.upload, name="upload"),
    path("<int:run_id>/", views.show_run, name="run"),
    path("<int:run_id>/input/", views.download_input, name="run_input"),
    path("<int:run_id>/findings/", finding_views.show_findings, name="run_findings"),
    path("<int:run_id>/findings.csv", finding_views.download, {"ending": ".csv"}, name="run_findings_csv"),
    path("<int:run_id>/findings.json", finding_views.download, {"ending": ".json"}, name="run_findings_json"),
    path("<int:run_id>/changes/", change_views.show_changes, name="run_changes"),
    path("<int:run_id>/approve/", deciding.approve, name="run_approve"),
    path("<int:run_id>/discard/", deciding.discard, name="run_discard"),
    path("<int:run_id>/undo/", deciding.undo, name="run_undo"),
    path("<int:run_id>/again/", deciding.try_again, name="run_again"),
]
