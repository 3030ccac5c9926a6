"""Which door answers which path."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path, re_path

from firstbell.api.manage_v1.contract import api as manage_v1
from firstbell.api.manage_v1.problems import nothing_there
from firstbell.api.oneroster.changes import changes
from firstbell.api.oneroster.discovery import FILES, discovery
from firstbell.api.oneroster.tokens import token
from firstbell.api.oneroster.views import ROOTS, rostering
from firstbell.api.oneroster.webhook import replay, webhook
from firstbell.domain.sharing.oneroster.version import Version
from firstbell.web.accounts.forgotten import ForgottenPassword
from firstbell.web.accounts.second_step import second_step_pages, sessions_page
from firstbell.web.signin.views import password_of_the_district
from firstbell.web.signon.leaving import sign_out

# Of allauth's pages those that we mean: no sign-up (closed by accounts.adapter).
account_pages: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", sign_out, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", ForgottenPassword.as_view(), name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("second-step/", include(second_step_pages)),
    path("sessions/", sessions_page, name="usersessions_list"),
    path("password/set/", password_of_the_district, name="account_set_password"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include(account_pages)),
    path("api/manage/v1/", manage_v1.urls),
    path("api/<path:rest>", nothing_there),
    path("", include("firstbell.api.health.views")),
    path("oauth/token", token, name="oauth_token"),
    *[
        path(
            f"{ROOTS[Version.V1P2]}/discovery/{file}", discovery, {"version": Version.V1P2}, name=f"discovery_{number}"
        )
        for number, file in enumerate(FILES)
    ],
    *[path(f"{ROOTS[version]}/<path:path>", rostering(version), name=f"oneroster_{version}") for version in Version],
    path("ims/oneroster/changes", changes, name="oneroster_changes"),
    path("ims/oneroster/changes/webhook", webhook, name="oneroster_webhook"),
    path("ims/oneroster/changes/webhook/replay", replay, name="oneroster_replay"),
    path("drop/", include("firstbell.api.drop.views")),
    path("", include("firstbell.web.urls")),
]
