"""Path under /d/<code>/ready/."""

from django.urls import path

from firstbell.web.ready import views

urlpatterns = [path("", views.show_ready, name="ready")]
