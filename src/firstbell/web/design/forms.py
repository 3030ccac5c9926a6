"""Made-up forms for the gallery."""

from django import forms


class SourceForm(forms.Form):
    """One of every kind of field."""

    name = forms.CharField(label="Name of the source", help_text="People see it wherever a field comes from here.")
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    mode = forms.ChoiceField(
        label="How it sends",
        choices=[("bulk", "Everything, every time"), ("delta", "Only what changed")],
        widget=forms.RadioSelect,
        initial="bulk",
    )
    schools = forms.MultipleChoiceField(
        label="Schools",
        required=False,
        choices=[("1", "Lincoln Middle School"), ("2", "Saint Brigid of Kildare Early College and Career Academy")],
        widget=forms.CheckboxSelectMultiple,
    )
    zone = forms.ChoiceField(label="Time zone", choices=[("c", "Central"), ("m", "Mountain")])
    hold = forms.BooleanField(
        label="Hold removals until a person has looked", help_text="Adds and updates go ahead meanwhile."
    )
    package = forms.FileField(label="Roster files", help_text="A OneRoster zip of up to 512 MB, or its CSV files.")


class FilterForm(forms.Form):
    """Filters above a list."""

    search = forms.CharField(label="Search by name, username or ID", required=False)
    school = forms.ChoiceField(
        label="School", required=False, choices=[("", "All schools"), ("1", "Lincoln Middle School")]
    )
    role = forms.ChoiceField(label="Role", required=False, choices=[("", "All roles"), ("s", "Student")])


def faulty() -> SourceForm:
    """The form as it comes back when half of it is wrong."""
    form = SourceForm({"name": "", "mode": "weekly", "zone": "c"}, prefix="faulty")
    form.is_valid()
    return form
