"""Paths of the pages. Each room has its own; a district's rooms are under /d/<code>/."""

from django.urls import URLPattern, URLResolver, include, path

from firstbell.web.accounts.invitation_views import take_up
from firstbell.web.design.views import DesignView

app_name = "web"

rooms: list[URLPattern | URLResolver] = [
    path("", include("firstbell.web.home.urls")),
    path("guides/", include("firstbell.web.guides.urls")),
    path("ready/", include("firstbell.web.ready.urls")),
    path("practice/", include("firstbell.web.practice.urls")),
    path("school-year/", include("firstbell.web.school_year.urls")),
    path("people/", include("firstbell.web.people.urls")),
    path("", include("firstbell.web.classes.urls")),
    path("acts/", include("firstbell.web.editing.urls")),
    path("schools/", include("firstbell.web.schools.urls")),
    path("terms/", include("firstbell.web.terms.urls")),
    path("cards/", include("firstbell.web.cards.urls")),
    path("runs/", include("firstbell.web.runs.urls")),
    path("sources/", include("firstbell.web.sources.urls")),
    path("programs/", include("firstbell.web.sharing.urls")),
    path("", include("firstbell.web.launch.urls")),
    path("members/", include("firstbell.web.accounts.urls")),
    path("sign-in/", include("firstbell.web.signon.urls")),
    path("method/", include("firstbell.web.method.urls")),
    path("contact/", include("firstbell.web.contact.urls")),
    path("lists/", include("firstbell.web.lists.urls")),
    path("cases/", include("firstbell.web.cases.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("firstbell.web.signin.urls")),
    path("", include("firstbell.web.spaces.urls")),
    path("", include("firstbell.web.succession.urls")),
    path("staff/", include("firstbell.web.staff.urls")),
    path("desk/", include("firstbell.web.desk.urls")),
    path("portfolio/", include("firstbell.web.portfolio.urls")),
    path("products/", include("firstbell.web.products.urls")),
    path("invited/<slug:code>/<str:secret>/", take_up, name="invited"),
    path("", include("firstbell.web.advice.urls")),
    path("d/<slug:code>/", include(rooms)),
    path("help/", include("firstbell.web.help.urls")),
    path("design/", DesignView.as_view(), name="design"),
]
