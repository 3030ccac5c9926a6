"""Paths under /d/<code>/contact/."""

from django.urls import path

from firstbell.web.contact import views

urlpatterns = [
    path("", views.contact, name="contact"),
    path("<int:request_id>/withdraw/", views.withdraw, name="contact_withdraw"),
]
