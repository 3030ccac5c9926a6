"""Paths of the pages."""

from django.urls import URLPattern, URLResolver, path

from firstbell.web.design.views import DesignView

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("design/", DesignView.as_view(), name="design"),
]
