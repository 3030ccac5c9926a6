"""Paths under /d/<code>/sources/."""

from django.urls import path

from firstbell.web.sources import (
    acknowledged,
    connecting,
    connection_views,
    correcting,
    deriving,
    new_ids,
    next_year,
    not_wanted,
    notices,
    scoping,
    seasons,
    views,
)

urlpatterns = [
    path("", views.show_sources, name="sources"),
    path("notices/", notices.show_notices, name="notices"),
    path("notices/program/", notices.change_program, name="notices_program"),
    path("add/", connecting.add_source, name="source_add"),
    path("<int:source_id>/connect/", connecting.connect_source, name="source_connect"),
    path("<int:source_id>/values/", connecting.change_values, name="source_values"),
    path("<int:source_id>/test/", connection_views.try_it, name="source_test"),
    path("<int:source_id>/sync/", connection_views.sync_now, name="source_sync"),
    path("<int:source_id>/pause/", connection_views.pause, name="source_pause"),
    path("<int:source_id>/timetable/", connection_views.change_timetable, name="source_timetable"),
    path("<int:source_id>/password/", connection_views.new_password, name="source_password"),
    path("<int:source_id>/keys/", connection_views.change_keys, name="source_keys"),
    path("<int:source_id>/", views.show_source, name="source"),
    path("<int:source_id>/release/", views.release, name="source_release"),
    path("<int:source_id>/let-go/", views.give_up_rows, name="source_let_go"),
    path(
        "<int:source_id>/acknowledged/<int:given_id>/take-back/",
        acknowledged.take_back_known,
        name="source_take_back",
    ),
    path("<int:source_id>/left-out/", not_wanted.show_not_wanted, name="source_not_wanted"),
    path("<int:source_id>/seasons/", seasons.show_seasons, name="source_seasons"),
    path("<int:source_id>/made/", deriving.show_derived, name="source_made"),
    path("<int:source_id>/next-year/", next_year.show_next_year, name="source_next_year"),
    path("<int:source_id>/new-ids/", new_ids.show_new_ids, name="source_new_ids"),
    path("<int:source_id>/scope/", scoping.show_scope, name="source_scope"),
    path("<int:source_id>/corrections/", correcting.show_corrections, name="source_corrections"),
]
