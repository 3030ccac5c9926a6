"""Paths under /d/<code>/: of the tile and of OpenID Connect. The pages that set it up are the Programs room's."""

from django.urls import path

from firstbell.web.launch import doors

urlpatterns = [
    path("open/<int:client_id>/", doors.open_program, name="launch"),
    path("oidc/.well-known/openid-configuration", doors.describe, name="launch_described"),
    path("oidc/keys", doors.keys, name="launch_keys"),
    path("oidc/authorize", doors.authorize, name="launch_authorize"),
    path("oidc/token", doors.give_tokens, name="launch_token"),
    path("oidc/userinfo", doors.tell, name="launch_userinfo"),
]
