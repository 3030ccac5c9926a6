"""Paths under /d/<code>/schools/."""

from django.urls import path

from firstbell.web.schools import views

urlpatterns = [
    path("", views.show_schools, name="schools"),
    path("export/", views.export_schools, name="schools_export"),
    path("add/", views.add_school, name="school_add"),
    path("<int:org_id>/", views.show_school, name="school"),
    path("<int:org_id>/remove/", views.remove_school, name="school_remove"),
    path("<int:org_id>/restore/", views.restore_school, name="school_restore"),
]
