"""Paths under /d/<code>/method/."""

from django.urls import path

from firstbell.web.method import changing, views

urlpatterns = [
    path("", views.show_method, name="method"),
    path("change/", views.change, name="method_change"),
    path("planned/call-off/", changing.call_it_off, name="method_call_off"),
    path("to/<slug:method>/", changing.look_at_change, name="method_to"),
]
