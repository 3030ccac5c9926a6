"""The form that says how a program is opened."""

from django import forms

from firstbell.domain.launch.actions import LONGEST_ADDRESS, MOST_ADDRESSES, Way
from firstbell.domain.signon.models import Serves


class WayForm(forms.Form):
    """Where a program begins, where it takes people back, and whose tile it is."""

    start_url = forms.CharField(
        label="Address that begins a sign-in",
        max_length=LONGEST_ADDRESS,
        help_text="Its maker calls it initiate login URI or launch URL. The tile leads there.",
    )
    redirect_uris = forms.CharField(
        label="Redirect URIs",
        max_length=MOST_ADDRESSES * LONGEST_ADDRESS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Where it takes people back to, from its maker, each on a line of its own. Nobody is led anywhere"
        " else.",
    )
    serves = forms.ChoiceField(label="Whose tile it is", choices=Serves.choices, initial=Serves.EVERYONE)

    def way(self) -> Way:
        """As the domain takes it."""
        said = self.cleaned_data
        return Way(said["start_url"].strip(), said["redirect_uris"].split(), Serves(said["serves"]))
