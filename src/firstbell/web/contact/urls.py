"""Paths under /d/<code>/contact/."""

from django.urls import path

from firstbell.web.contact import answering, views

urlpatterns = [
    path("", views.contact, name="contact"),
    path("<int:request_id>/withdraw/", views.withdraw, name="contact_withdraw"),
    path("<int:request_id>/answer/", answering.answer, name="contact_answer"),
    path("<int:request_id>/pass-on/", answering.hand_to_vendor, name="contact_pass_on"),
]
