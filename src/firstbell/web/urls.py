"""Paths of the pages. Each room has its own; a district's rooms are under /d/<code>/."""

from django.urls import URLPattern, URLResolver, include, path

from firstbell.web.design.views import DesignView

app_name = "web"

rooms: list[URLPattern | URLResolver] = [
    path("", include("firstbell.web.home.urls")),
    path("people/", include("firstbell.web.people.urls")),
    path("", include("firstbell.web.classes.urls")),
    path("runs/", include("firstbell.web.runs.urls")),
    path("sources/", include("firstbell.web.sources.urls")),
    path("lists/", include("firstbell.web.lists.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("firstbell.web.signin.urls")),
    path("d/<slug:code>/", include(rooms)),
    path("help/", include("firstbell.web.help.urls")),
    path("design/", DesignView.as_view(), name="design"),
]
