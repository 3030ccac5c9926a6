"""Paths of asking and answering."""

from django.urls import path

from firstbell.web.spaces import answering, asking

urlpatterns = [
    path("start/", asking.ask, name="ask_for_space"),
    path("requests/", answering.show_requests, name="space_requests"),
    path("requests/<int:request_id>/open/", answering.open_one, name="space_open"),
    path("requests/<int:request_id>/refuse/", answering.refuse_one, name="space_refuse"),
]
