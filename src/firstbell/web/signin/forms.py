"""What people enter at the doors."""

from typing import Any

from django import forms

from firstbell.domain.accounts.signin import LONGEST
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district


class SiteCodeForm(forms.Form):
    """The code of a district, which opens its own door."""

    code = forms.CharField(label="Site code", max_length=50)
    code.widget.attrs |= {"autocomplete": "organization", "autocapitalize": "none", "spellcheck": "false"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.district: District | None = None

    def clean_code(self) -> str:
        """Finds the district as well."""
        code: str = self.cleaned_data["code"]
        self.district = find_district(code)
        if self.district is None:
            raise forms.ValidationError("No district has this site code. Check it letter by letter.")
        return code


class StudentSignInForm(forms.Form):
    """A username and password that the district gave out."""

    username = forms.CharField(label="Username", max_length=LONGEST)
    password = forms.CharField(label="Password", max_length=LONGEST, strip=False, widget=forms.PasswordInput)
    username.widget.attrs |= {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    password.widget.attrs |= {"autocomplete": "current-password"}
