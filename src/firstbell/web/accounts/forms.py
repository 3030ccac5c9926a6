"""What administrators enter about members, and the invited about themselves."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from firstbell.domain.accounts.models import Account, Role
from firstbell.domain.accounts.passwords import LongEnough


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="E-mail address")
    role = forms.ChoiceField(label="Role", initial=Role.TEACHER)  # the one that may do least
    name.widget.attrs |= {"autocomplete": "off"}
    email.widget.attrs |= {"autocomplete": "off"}

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["role"], roles)


class RoleForm(forms.Form):
    """What somebody is from now on."""

    role = forms.ChoiceField(label="Role")

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["role"], roles)


class TakeUpForm(forms.Form):
    """The name and the first password of somebody who was invited."""

    name = forms.CharField(label="Your name", max_length=200)
    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput, help_text=LongEnough().get_help_text()
    )
    again = forms.CharField(label="The password once more", strip=False, widget=forms.PasswordInput)
    name.widget.attrs |= {"autocomplete": "name"}
    password.widget.attrs |= {"autocomplete": "new-password"}
    again.widget.attrs |= {"autocomplete": "new-password"}

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def clean(self) -> dict[str, Any]:
        """Long enough, on no list of common ones, and the same twice."""
        entered, password = self.cleaned_data, self.cleaned_data.get("password")
        if password is None:
            return entered
        try:
            validate_password(password, Account(email=self._email, name=entered.get("name", "")))
        except forms.ValidationError as fault:
            self.add_error("password", fault)
        if entered.get("again", password) != password:
            self.add_error("again", "This is not the same password.")
        return entered


def _offer(field: forms.Field, roles: Iterable[Role]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(role.value, role.label) for role in roles]
