"""Which door answers which path."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from firstbell.api.manage_v1.contract import api as manage_v1
from firstbell.api.manage_v1.problems import nothing_there
from firstbell.web.signin.views import password_of_the_district

# Of allauth's pages those that we mean: no sign-up (closed by accounts.adapter), and none that needs mail.
account_pages: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", password_of_the_district, name="account_set_password"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include(account_pages)),
    path("api/manage/v1/", manage_v1.urls),
    path("api/<path:rest>", nothing_there),
    path("", include("firstbell.web.urls")),
]
