"""Saving settings of a source that a page showed a while ago: somebody else may have changed them meanwhile."""

from collections.abc import Callable, Iterable

from django import forms

from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import ChangedSince, mark_of

SHOWN = "shown"
"""The hidden field with ``mark_of`` the settings as the page showed them."""
MEANWHILE = (
    "Somebody else changed these settings after you opened this page, so yours are not saved. Open the page anew to see"
    " theirs, or save again to put what is typed here in their place."
)


def is_saved(form: forms.Form, save: Callable[[str | None], object]) -> bool:
    """Save what was typed; where somebody else was faster, say so in the form and save nothing.

    ``save`` takes the mark of what was shown, None from a page that was sent without it.
    """
    try:
        save(form.data.get(SHOWN))
    except ChangedSince:
        form.add_error(None, MEANWHILE)
        return False
    return True


def shown_by(form: forms.Form, source: Source, names: Iterable[str]) -> str:
    """The mark for the hidden field: of what its reader saw first, also after a look at what is not saved yet."""
    seen = form.data.get(SHOWN)
    return mark_of(source, names) if seen is None or MEANWHILE in form.non_field_errors() else str(seen)


def status_of(form: forms.Form) -> int:
    """422 where something typed is wrong, 409 where somebody else was faster."""
    if MEANWHILE in form.non_field_errors():
        return 409
    return 200 if form.is_valid() else 422
