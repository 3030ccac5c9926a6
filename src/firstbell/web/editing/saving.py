"""Saving a form: one table from what the domain refuses to what its reader sees beside what they typed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.utils.html import format_html

from firstbell.domain.roster.editing.refusals import ChangedMeanwhile, Locked, NotGood, Refused
from firstbell.domain.roster.editing.values import Texts
from firstbell.web.editing.fields import label_of
from firstbell.web.editing.forms import RowForm
from firstbell.web.frame import show
from firstbell.web.visit import Visit

ANOTHER = "another"
"""The button that saves and begins the next one."""


@dataclass(slots=True)
class Saved:
    """What became of a form: saved (with what the verb gave back), or the form to show again."""

    form: RowForm
    value: object = None
    is_saved: bool = False

    @property
    def status(self) -> int:
        """422 where something typed is wrong, 409 where somebody else was faster."""
        return 409 if self.form.meanwhile else 422 if self.form.errors else 200


def save(form: RowForm, verb: Callable[[Texts], object]) -> Saved:
    """Run a verb of the domain with what was typed; a form to which nothing was sent is only shown."""
    if not form.is_valid():
        return Saved(form)
    try:
        return Saved(form, verb(form.said()), is_saved=True)
    except NotGood as wrong:
        form.tell(*wrong.problems)
    except Locked as locked:
        label = label_of(form.table, locked.column)
        form.add_error(None, f"{label} comes from {locked.source}. Change it there.")
    except Refused as refused:
        form.add_error(None, str(refused))
    except ChangedMeanwhile as changed:
        return Saved(form.follow(changed))
    return Saved(form)


def show_form(
    visit: Visit, saved: Saved, context: Mapping[str, object], *, room: str, template: str = "editing/form.html"
) -> HttpResponse:
    """The page of a form that is not saved yet."""
    return show(visit, template, {**context, "form": saved.form}, room=room, status=saved.status)


def say_saved(visit: Visit, words: str, url: str = "", name: str = "") -> None:
    """Tell on the next page what was done, with a link to it."""
    link = format_html(' <a href="{}">{}</a>', url, name) if url else ""
    messages.success(visit.request, format_html("{}{}", words, link))
