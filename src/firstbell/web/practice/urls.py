"""Paths under /d/<code>/practice/, of the real district."""

from django.urls import path

from firstbell.web.practice import views

urlpatterns = [
    path("begin/", views.begin, name="practice_begin"),
    path("end/", views.end, name="practice_end"),
]
