"""Paths under /staff/."""

from django.urls import path

from firstbell.web.staff import views

urlpatterns = [
    path("", views.show_districts, name="staff"),
    path("<slug:code>/", views.visit, name="staff_visit"),
    path("<slug:code>/leave/", views.leave, name="staff_leave"),
]
