"""Paths under /d/<code>/lists/."""

from django.urls import path

from firstbell.web.lists import cells, mapping, pasting, starting, templates, views

urlpatterns = [
    path("", views.bring_lists, name="lists"),
    path("template/", templates.choose_template, name="list_template"),
    path("template/file/", templates.download_template, name="list_template_file"),
    path("names/", pasting.paste_names, name="list_names"),
    path("<int:run_id>/", views.show_list, name="list"),
    path("<int:run_id>/columns/", mapping.map_list_columns, name="list_columns"),
    path("<int:run_id>/cells/", cells.mend_list, name="list_cells"),
    path("<int:run_id>/start/", starting.start, name="list_start"),
    path("<int:run_id>/discard/", starting.discard, name="list_discard"),
]
