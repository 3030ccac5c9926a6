"""Paths under /d/<code>/method/."""

from django.urls import path

from firstbell.web.method import views

urlpatterns = [
    path("", views.show_method, name="method"),
    path("change/", views.change, name="method_change"),
]
