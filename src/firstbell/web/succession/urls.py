"""Paths of asking for an administrator's place and of answering. The district's own page is among its members."""

from django.urls import path

from firstbell.web.succession import answering, asking

urlpatterns = [
    path("administrator-gone/", asking.ask, name="succession_ask"),
    path("successions/", answering.show_waiting, name="succession_requests"),
    path("successions/<int:succession_id>/sure/", answering.make_one_sure, name="succession_sure"),
    path("successions/<int:succession_id>/refuse/", answering.refuse_one, name="succession_refuse"),
    path("successions/<int:succession_id>/invite/", answering.invite_one, name="succession_invite"),
]
