"""Paths under /d/<code>/members/."""

from django.urls import path

from firstbell.web.accounts import invitation_views, rules_views, views

urlpatterns = [
    path("", views.show_members, name="members"),
    path("rules/", rules_views.show_rules, name="sign_in_rules"),
    path("<int:membership_id>/", views.show_member, name="member"),
    path("<int:membership_id>/take/", views.take, name="member_take"),
    path("invitations/<int:invitation_id>/revoke/", invitation_views.revoke, name="invitation_revoke"),
    path("invitations/<int:invitation_id>/again/", invitation_views.renew, name="invitation_again"),
]
