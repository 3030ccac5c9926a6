"""Paths of the doors."""

from django.urls import path

from firstbell.web.signin import views

urlpatterns = [
    path("", views.front_door, name="front_door"),
    path("signin/", views.find_door, name="find_door"),
    path("signin/<slug:code>/", views.student_door, name="student_door"),
    path("badge/<slug:code>/<str:token>/", views.badge_door, name="badge_door"),
    path("choose/", views.choose, name="choose"),
]
