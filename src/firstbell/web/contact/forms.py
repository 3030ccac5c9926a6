"""What somebody asks, and what is answered inside the district."""

from django import forms

from firstbell.domain.advice.asking import LONGEST_MESSAGE
from firstbell.domain.advice.models import Audience

HELP = {
    Audience.VENDOR: "Leave out the names of students: whoever answers can look them up.",
    Audience.DISTRICT: "Administrators of your district read it, and may have Firstbell’s people answer it.",
    Audience.SCHOOL: "The office of your school and the administrators of your district read it, and nobody else.",
}
"""Who reads what is written."""


class AskForm(forms.Form):
    """A message; the page that it is about comes along."""

    message = forms.CharField(
        label="What would you like to know, or have changed?",
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    page = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def address(self, audience: Audience) -> None:
        """Say who reads it."""
        self.fields["message"].help_text = HELP[audience]


class AnswerForm(forms.Form):
    """The answer to somebody of one's own."""

    text = forms.CharField(label="Answer", max_length=LONGEST_MESSAGE, widget=forms.Textarea(attrs={"rows": 3}))
