"""Paths under /d/<code>/sign-in/."""

from django.urls import path

from firstbell.web.signon import doors, log_views, setting_up, views

urlpatterns = [
    path("", views.show_connections, name="sign_ons"),
    path("add/", setting_up.add, name="sign_on_add"),
    path("grace/", views.change_grace, name="sign_on_grace"),
    path("log/", log_views.show_log, name="sign_on_log"),
    path("log/<int:sign_in_id>/allow/", log_views.allow, name="sign_on_allow"),
    path("<int:connection_id>/", views.show_connection, name="sign_on_show"),
    path("<int:connection_id>/values/", setting_up.change, name="sign_on_values"),
    path("<int:connection_id>/test/", doors.test, name="sign_on_test"),
    path("<int:connection_id>/tested/", views.show_tested, name="sign_on_tested"),
    path("<int:connection_id>/on/", views.turn_on, name="sign_on_on"),
    path("<int:connection_id>/off/", views.turn_off, name="sign_on_off"),
    path("<int:connection_id>/remove/", views.remove, name="sign_on_remove"),
]
