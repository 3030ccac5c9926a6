"""Paths under /d/<code>/people/."""

from django.urls import path

from firstbell.web.people import history_views, person_views, views

urlpatterns = [
    path("", views.show_people, name="people"),
    path("<int:person_id>/", person_views.show_person, name="person"),
    path("<int:person_id>/demographics/", person_views.show_demographics, name="person_demographics"),
    path("<int:person_id>/history/", history_views.show_history, name="person_history"),
    path("<int:person_id>/why/<int:row_id>/", history_views.show_why, name="person_why"),
    path("<int:person_id>/field/<slug:column>/", history_views.show_field, name="person_field"),
    path("<int:person_id>/demographics/history/", history_views.show_reported, name="person_reported"),
]
