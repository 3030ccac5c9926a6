"""Paths under /portfolio/."""

from django.urls import path

from firstbell.web.portfolio import district, licences, prospects, requests, views

DISTRICT = "d/<slug:code>/"
REQUEST = f"{DISTRICT}requests/<int:request_id>/"
urlpatterns = [
    path("", views.show_portfolio, name="portfolio"),
    path("requests/", requests.show_requests, name="requests"),
    path("prospects/", prospects.show_prospects, name="prospects"),
    path("prospects/<str:reference>/", prospects.show_prospect, name="prospect"),
    path(DISTRICT, district.show_district, name="portfolio_district"),
    path(f"{DISTRICT}contact/", district.name_one, name="portfolio_contact"),
    path(f"{DISTRICT}products/<slug:product>/", licences.edit_licence, name="licence"),
    path(f"{DISTRICT}products/<slug:product>/end/", licences.end, name="licence_end"),
    path(REQUEST, requests.show_request, name="request"),
    path(f"{REQUEST}take/", requests.take, name="request_take"),
]
