"""A product, and a file of products."""

from typing import Any

from django import forms

from firstbell.domain.advice.answers import METHODS
from firstbell.domain.advice.catalogue import (
    LARGEST_FILE,
    LONGEST,
    BadCatalogue,
    Catalogue,
    catalogue_in,
    parse_product,
)
from firstbell.domain.advice.takes import FORMATS, SSO, Takes
from firstbell.domain.districts.actions import LONGEST_CODE
from firstbell.domain.districts.models import Method

SEVERAL = forms.CheckboxSelectMultiple


class ProductForm(forms.Form):
    """What a product takes. The catalogue's reader judges it, so page and file say the same."""

    code = forms.CharField(
        label="Code", max_length=LONGEST_CODE, help_text="Letters a to z, digits, single hyphens. It stays for life."
    )
    name = forms.CharField(label="Name", max_length=LONGEST)
    methods = forms.MultipleChoiceField(
        label="Methods", choices=[(one, Method(one).label) for one in METHODS], widget=SEVERAL
    )
    formats = forms.MultipleChoiceField(
        label="Takes Automated only by",
        choices=[(code, words[:1].upper() + words[1:]) for code, words in FORMATS.items()],
        required=False,
        widget=SEVERAL,
        help_text="None chosen: by any.",
    )
    sso = forms.MultipleChoiceField(
        label="Single sign-on",
        choices=list(SSO.items()),
        required=False,
        widget=SEVERAL,
        help_text="None chosen: none.",
    )
    roll_over = forms.CharField(
        label="At the end of a school year",
        max_length=LONGEST,
        required=False,
        help_text="What becomes of its accounts and classes, in a sentence.",
    )
    retired = forms.BooleanField(label="Retired", required=False, help_text="Nobody new gets it; who has it keeps it.")

    def __init__(self, *args: Any, code: str = "", **named: Any) -> None:
        super().__init__(*args, **named)
        self._code = code
        if code:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        """As the catalogue's reader finds it."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.takes: Takes = parse_product({"code": self._code} | cleaned)
        except BadCatalogue as problem:
            field, _, text = str(problem).partition(": ")
            self.add_error(field if field in self.fields else None, f"{text[:1].upper()}{text[1:]}.")
        return cleaned


class CatalogueForm(forms.Form):
    """A YAML file of products, and of which district has which."""

    file = forms.FileField(label="Catalogue (.yaml)", help_text="All of it is taken, or nothing.")

    def clean_file(self) -> Catalogue:
        """The catalogue in it."""
        try:
            return catalogue_in(self.cleaned_data["file"].read(LARGEST_FILE + 1))
        except BadCatalogue as problem:
            raise forms.ValidationError(f"{problem}.") from problem
