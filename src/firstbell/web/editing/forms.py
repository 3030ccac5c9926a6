"""The form of one row: its fields, those that are locked, and the version of the row that its reader saw."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from firstbell.domain.roster.editing.refusals import ChangedMeanwhile
from firstbell.domain.roster.editing.values import Texts
from firstbell.engine.entry import Problem
from firstbell.engine.tables import Kind, Table
from firstbell.web.components.shapes import FieldChange
from firstbell.web.editing.fields import Choices, field_of, label_of, text_in_words
from firstbell.web.people.facts import Fact


class RowForm(forms.Form):
    """Fields for some columns of a table. ``more`` are those that few need; they stand behind a summary."""

    table: ClassVar[Table]
    columns: ClassVar[Sequence[str]]
    more: ClassVar[Sequence[str]] = ()
    also: ClassVar[Mapping[str, Table]] = {}
    """Columns of another table that are asked for in the same form."""

    use_required_attribute = False
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        texts: Texts | None = None,
        stamp: int | None = None,
        locked: Mapping[str, str] | None = None,
        choices: Mapping[str, Choices] | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.texts = texts or {}
        self.locked = dict(locked or {})
        self.choices = dict(choices or {})
        self.meanwhile: list[FieldChange] = []
        first = {**(initial or {}), **{name: self._as_initial(name, text) for name, text in self.texts.items()}}
        super().__init__(data, initial={**first, "seen": stamp, "shown": json.dumps(self._of_form(self.texts))})
        for name in (*self.columns, *self.more):
            if name not in self.locked:
                table = self._table_of(name)
                self.fields[name] = field_of(
                    table, table[name], choices=self.choices.get(name), now=self.texts.get(name)
                )

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """The fields that everyone fills in."""
        return [self[name] for name in self.fields if name not in self.more and not self[name].is_hidden]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """The others."""
        return [self[name] for name in self.more if name in self.fields]

    @property
    def has_more_to_say(self) -> bool:
        """Whether one of the others says something, or is wrong: then they stand open."""
        return any(bound.value() or bound.errors for bound in self.more_fields)

    @property
    def locked_facts(self) -> list[Fact]:
        """What is locked, as it stands, and by whom."""
        names = [name for name in (*self.columns, *self.more) if name in self.locked]
        return [
            Fact(
                label_of(self.table, name),
                text_in_words(self.table[name], self.texts.get(name), self._names(name)),
                self.locked[name],
                name,
            )
            for name in names
        ]

    @property
    def seen_stamp(self) -> int:
        """The version of the row that its reader saw; 0 where none is named, which is no row's."""
        return int(self.cleaned_data.get("seen") or 0)

    def said(self) -> Texts:
        """What was typed, by column."""
        return {
            name: ",".join(value) if isinstance(value, list) else value
            for name, value in self.cleaned_data.items()
            if name not in {"seen", "shown"}
        }

    def tell(self, *problems: Problem) -> None:
        """Say at the fields what is wrong; what is about no field of the form, above it."""
        for problem in problems:
            field = problem.column if problem.column in self.fields else None
            label = label_of(self._table_of(problem.column), problem.column) if problem.column else ""
            self.add_error(field, problem.says(label))

    def follow(self, changed: ChangedMeanwhile) -> "RowForm":
        """The same form on the row as it is now: what was typed stays, what was not touched is as the other left it."""
        shown = self._read_shown()
        typed = self.said()
        now = self._of_form(changed.now)
        merged = {
            name: now.get(name) if (typed.get(name) or None) == shown.get(name) else typed[name] for name in typed
        }
        data: dict[str, Any] = {name: self._as_initial(name, text) for name, text in merged.items()}
        data |= {"seen": changed.stamp, "shown": json.dumps(now)}
        again = type(self)(data, texts=changed.now, stamp=changed.stamp, locked=self.locked, choices=self.choices)
        again.is_valid()
        again.meanwhile = [
            FieldChange(
                label_of(self.table, name),
                text_in_words(self.table[name], shown.get(name), self._names(name)),
                text_in_words(self.table[name], now.get(name), self._names(name)),
            )
            for name in now
            if now.get(name) != shown.get(name)
        ]
        return again

    def _read_shown(self) -> Texts:
        """What the page said that it showed; nothing where that cannot be read."""
        try:
            shown = json.loads(self.cleaned_data.get("shown") or "{}")
        except ValueError:
            return {}
        return shown if isinstance(shown, dict) else {}

    def _table_of(self, column: str) -> Table:
        return self.also.get(column, self.table)

    def _of_form(self, texts: Texts) -> Texts:
        return {name: texts.get(name) for name in (*self.columns, *self.more) if self._has(name)}

    def _has(self, column: str) -> bool:
        return any(known.name == column for known in self.table.columns)

    def _as_initial(self, name: str, text: str | None) -> object:
        if self._has(name) and self.table[name].kind is Kind.REFS:
            return text.split(",") if text else []
        return text or ""

    def _names(self, column: str) -> dict[str, str]:
        return dict(self.choices.get(column, []))
