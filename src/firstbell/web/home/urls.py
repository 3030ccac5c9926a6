"""Paths under /d/<code>/."""

from django.urls import path

from firstbell.web.home import views

urlpatterns = [path("", views.show_home, name="home")]
