"""Paths of the doors."""

from django.urls import path

from firstbell.web.signin import views
from firstbell.web.signon import doors, saml

urlpatterns = [
    path("", views.front_door, name="front_door"),
    path("signin/", views.find_door, name="find_door"),
    path("signin/<slug:code>/", views.student_door, name="student_door"),
    path("signin/<slug:code>/by/<int:connection_id>/", doors.go, name="sign_on"),
    path("signin/<slug:code>/by/<int:connection_id>/back/", doors.back, name="sign_on_back"),
    path("signin/<slug:code>/by/<int:connection_id>/saml/", saml.take_answer, name="sign_on_answer"),
    path("signin/<slug:code>/by/<int:connection_id>/saml/finish/", saml.finish, name="sign_on_finish"),
    path("signin/<slug:code>/by/<int:connection_id>/saml/metadata/", saml.metadata, name="sign_on_metadata"),
    path("signin/<slug:code>/by/<int:connection_id>/saml/left/", saml.left, name="sign_on_left"),
    path("badge/<slug:code>/<str:token>/", views.badge_door, name="badge_door"),
    path("choose/", views.choose, name="choose"),
]
