"""Paths of the advisor."""

from django.urls import path

from firstbell.web.advice import views

urlpatterns = [
    path("which-method/", views.show_advisor, name="advisor"),
    path("which-method/keep/", views.keep_advice, name="keep_advice"),
]
