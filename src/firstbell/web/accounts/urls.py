"""Paths under /d/<code>/members/."""

from django.urls import path

from firstbell.web.accounts import (
    invitation_views,
    log_views,
    rules_views,
    succession_views,
    token_views,
    views,
    visit_views,
)

urlpatterns = [
    path("", views.show_members, name="members"),
    path("log/", log_views.show_log, name="audit_log"),
    path("rules/", rules_views.show_rules, name="sign_in_rules"),
    path("tokens/", token_views.show_tokens, name="tokens"),
    path("tokens/<int:given_id>/revoke/", token_views.revoke, name="token_revoke"),
    path("visits/", visit_views.show_visits, name="staff_visits"),
    path("visits/end/", visit_views.end_all, name="staff_visits_end"),
    path("visits/let-in/", visit_views.let_in, name="staff_let_in"),
    path("successions/", succession_views.show_successions, name="successions"),
    path("successions/<int:succession_id>/object/", succession_views.object_here, name="succession_object"),
    path("<int:membership_id>/", views.show_member, name="member"),
    path("<int:membership_id>/take/", views.take, name="member_take"),
    path("invitations/<int:invitation_id>/revoke/", invitation_views.revoke, name="invitation_revoke"),
    path("invitations/<int:invitation_id>/again/", invitation_views.renew, name="invitation_again"),
]
