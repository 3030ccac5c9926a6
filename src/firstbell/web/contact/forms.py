"""What somebody asks."""

from django import forms

from firstbell.domain.advice.asking import LONGEST_MESSAGE


class AskForm(forms.Form):
    """A message; the page that it is about comes along."""

    message = forms.CharField(
        label="What would you like to know, or have changed?",
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Leave out the names of students: whoever answers can look them up.",
    )
    page = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
