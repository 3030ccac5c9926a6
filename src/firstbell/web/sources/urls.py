"""Paths under /d/<code>/sources/."""

from django.urls import path

from firstbell.web.sources import acknowledged, correcting, views

urlpatterns = [
    path("", views.show_sources, name="sources"),
    path("<int:source_id>/", views.show_source, name="source"),
    path("<int:source_id>/release/", views.release, name="source_release"),
    path("<int:source_id>/let-go/", views.give_up_rows, name="source_let_go"),
    path(
        "<int:source_id>/acknowledged/<int:given_id>/take-back/",
        acknowledged.take_back_known,
        name="source_take_back",
    ),
    path("<int:source_id>/corrections/", correcting.show_corrections, name="source_corrections"),
]
