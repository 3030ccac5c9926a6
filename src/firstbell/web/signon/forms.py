"""Forms of a connection: how its log-ins are found on the roster, and the days of grace."""

from typing import Any

from django import forms

from firstbell.domain.signon.actions import Terms
from firstbell.domain.signon.models import Connection, Key, Serves

MOST_DAYS = 14


class TermsForm(forms.Form):
    """Whom a log-in is, and whose it may be."""

    name = forms.CharField(
        label="Name on the button", max_length=60, help_text="People read “Sign in with …” and this name."
    )
    key = forms.ChoiceField(
        label="What tells whom on the roster a log-in is",
        choices=Key.choices,
        help_text="It has to be on the roster and at the provider, and one person’s for good. Never a name.",
    )
    claim = forms.CharField(
        label="What the provider calls it",
        max_length=200,
        help_text="The claim’s name. Test sign-in shows all that the provider sends.",
    )
    key_type = forms.CharField(
        label="Type of userIds",
        max_length=60,
        required=False,
        help_text="For an id of another system only: SSO, say, for {SSO:4711} on the roster.",
    )
    email_domains = forms.CharField(
        label="E-mail domains of the district",
        required=False,
        help_text="For e-mail addresses only, with commas between them: an address of any other domain says of nobody"
        " who they are.",
    )
    serves = forms.ChoiceField(label="Whom it is for", choices=Serves.choices)
    schools = forms.MultipleChoiceField(
        label="Schools that begin with it",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None for all of them.",
    )
    secret_ends_on = forms.DateField(
        label="Last day of the client secret or certificate",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="If the provider gave it one. This page warns thirty days before.",
    )

    def __init__(self, *args: Any, schools: list[tuple[int, str]], **named: Any) -> None:
        super().__init__(*args, **named)
        choices = self.fields["schools"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = schools
        if not schools:
            del self.fields["schools"]

    def clean_email_domains(self) -> list[str]:
        """Domains, without the @ that somebody typed."""
        said = self.cleaned_data["email_domains"].replace(",", " ").split()
        return [domain.strip().lstrip("@").lower() for domain in said]

    def terms(self) -> Terms:
        """As the domain takes them."""
        said = self.cleaned_data
        return Terms(
            name=said["name"],
            key=Key(said["key"]),
            claim=said["claim"],
            key_type=said["key_type"],
            serves=Serves(said["serves"]),
            email_domains=said["email_domains"],
            school_ids=[int(school) for school in said.get("schools", [])],
            secret_ends_on=said["secret_ends_on"],
        )


class GraceForm(forms.Form):
    """How long a student who is missing from the roster can still sign in, and whether there are other ways in."""

    days = forms.IntegerField(
        label="Days of grace for students",
        min_value=0,
        max_value=MOST_DAYS,
        help_text="For so many days a student who is missing from the roster can still sign in: an SIS loses children"
        " for a night. 0 for none. Staff are out at once.",
    )
    only = forms.BooleanField(
        label="Who has come by single sign-on comes by nothing else",
        required=False,
        help_text="Their passwords and badges are kept, and open nothing as long as their connection is on. An"
        " administrator with a second step can always sign in by e-mail, for the day on which the provider is down.",
    )


def initial_of(connection: Connection) -> dict[str, object]:
    """The terms as a form shows them."""
    return {
        "name": connection.name,
        "key": connection.key,
        "claim": connection.claim,
        "key_type": connection.key_type,
        "email_domains": ", ".join(connection.email_domains),
        "serves": connection.serves,
        "schools": connection.school_ids,
        "secret_ends_on": connection.secret_ends_on,
    }
