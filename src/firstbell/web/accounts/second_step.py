"""allauth's pages of the second step and of sessions, for those who sign in by e-mail: the others have no account of
their own to keep.
"""

from collections.abc import Callable
from functools import wraps

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from allauth.usersessions import views as sessions
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path

from firstbell.domain.accounts.models import Account

type View = Callable[..., HttpResponseBase]


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc] # allauth carries no types
    """allauth's form, in our words."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        passwordless = self.fields["passwordless"]
        passwordless.label = "Sign in with it alone, without a password"
        passwordless.help_text = "Your device then asks for your finger, your face or its PIN."


class MayRemove(forms.Form):
    """Refuses to take the last factor of somebody who must keep one; allauth asks that of apps only."""

    def __init__(self, *args: object, instance: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type] # as the view gives them
        self._authenticator = instance

    def clean(self) -> dict[str, object]:
        """Raises ValidationError."""
        if not get_adapter().can_delete_authenticator(self._authenticator):
            raise forms.ValidationError(
                "This is your last second step, and you need one. Set up an app or another passkey first, or a longer"
                " password where that is what is missing."
            )
        return self.cleaned_data


class RemovePasskey(passkeys.RemoveWebAuthnView):  # type: ignore[misc] # allauth carries no types
    """Asks first whether it may go."""

    form_class = MayRemove

    def get_form_kwargs(self) -> dict[str, object]:
        """The passkey in question."""
        return {**super().get_form_kwargs(), "instance": self.get_object()}


def for_adults(view: View) -> View:
    """The view, refused to who has a username of the district."""

    @wraps(view)
    def only_theirs(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if isinstance(request.user, Account) and request.user.email is None:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return only_theirs


add_passkey = passkeys.AddWebAuthnView.as_view(form_class=AddPasskeyForm)
second_step_pages: list[URLPattern] = [
    path("", for_adults(base.index), name="mfa_index"),
    path("authenticate/", base.authenticate, name="mfa_authenticate"),
    path("reauthenticate/", for_adults(base.reauthenticate), name="mfa_reauthenticate"),
    path("app/", for_adults(totp.activate_totp), name="mfa_activate_totp"),
    path("app/off/", for_adults(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/", for_adults(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", for_adults(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("codes/file/", for_adults(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("passkeys/", for_adults(passkeys.list_webauthn), name="mfa_list_webauthn"),
    path("passkeys/add/", for_adults(add_passkey), name="mfa_add_webauthn"),
    path("passkeys/again/", for_adults(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/remove/", for_adults(RemovePasskey.as_view()), name="mfa_remove_webauthn"),
    path("passkeys/<int:pk>/", for_adults(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/sign-in/", passkeys.login_webauthn, name="mfa_login_webauthn"),
]
sessions_page = for_adults(sessions.list_usersessions)
