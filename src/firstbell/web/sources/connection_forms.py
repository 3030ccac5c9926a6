"""Forms of a connection: the values of its kind, its timetable, its keys. Fields come from the kind's settings."""

import re
from datetime import date, datetime
from typing import Any, Protocol

from django import forms

from firstbell.connectors.contract import Entry, Setting
from firstbell.web.sources.entering import lines_of

KEEPS = "Leave it blank to keep the one that is there; it is never shown again."
WEEKDAYS = tuple(enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")))
MOST_TIMES = 24
MOST_PAUSES = 20
MOST_KEYS = 10
KEY_KINDS = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-")
ONE_PAUSE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\s*(?:to|-|–)\s*(\d{4}-\d{2}-\d{2}))?\s*(.*)")


class NameForm(forms.Form):
    """What a new source is called."""

    name = forms.CharField(
        label="Name", max_length=100, help_text="As people here know it, such as “PowerSchool nightly”."
    )


class Asks(Protocol):
    """What has settings: a kind of source, or an identity provider."""

    @property
    def settings(self) -> tuple[Setting, ...]:
        """In their order."""
        ...


class Keeps(Protocol):
    """A connection that keeps what was entered, but for the secrets."""

    settings: Any


class ValuesForm(forms.Form):
    """The values of one kind; secrets are never filled in."""

    def __init__(self, kind: Asks, *args: Any, connection: Keeps | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.kind = kind
        for setting in kind.settings:
            kept = connection is not None and setting.is_secret
            self.fields[setting.name] = _field(setting, kept=kept)
            if connection is not None and not setting.is_secret:
                self.initial[setting.name] = connection.settings.get(setting.name, setting.default)

    def values(self) -> dict[str, str]:
        """What was entered, as texts."""
        return {name: _text(self.cleaned_data[name]) for name in self.fields}


class TimetableForm(forms.Form):
    """When a source is fetched from."""

    times = forms.CharField(
        label="Times of the day",
        required=False,
        help_text="In 24 hours, with commas between them: 02:05, 12:30. Blank for never.",
    )
    weekdays = forms.MultipleChoiceField(
        label="Days", required=False, choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple
    )
    pauses = forms.CharField(
        label="Days off",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One a line, both days included: 2027-06-10 to 2027-08-02 Summer. Nothing is fetched then, and the"
        " first time afterwards everything is.",
    )

    def clean_times(self) -> list[str]:
        """Times as ``02:05``."""
        said = [part.strip() for part in re.split(r"[,;\s]+", self.cleaned_data["times"]) if part.strip()]
        if len(said) > MOST_TIMES:
            raise forms.ValidationError(f"At most {MOST_TIMES} times a day.")
        return [_time(part) for part in said]

    def clean_weekdays(self) -> list[int]:
        """Numbers, Monday is 0."""
        return [int(day) for day in self.cleaned_data["weekdays"]]

    def clean_pauses(self) -> list[dict[str, str]]:
        """As they are kept with the connection."""
        lines = lines_of(self.cleaned_data["pauses"])
        if len(lines) > MOST_PAUSES:
            raise forms.ValidationError(f"At most {MOST_PAUSES} lines.")
        return [_pause(line) for line in lines]

    def clean(self) -> dict[str, Any]:
        """Times without days would never come."""
        cleaned = super().clean() or {}
        if cleaned.get("times") and not cleaned.get("weekdays") and "weekdays" not in self.errors:
            self.add_error("weekdays", "Choose the days on which it is fetched.")
        return cleaned


class KeysForm(forms.Form):
    """Public keys that may sign in to a drop."""

    keys = forms.CharField(
        label="Public keys",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="One a line, as in a file id_ed25519.pub: ssh-ed25519 AAAA… Never a private key.",
    )

    def clean_keys(self) -> str:
        """Lines that look like public keys; the server reads them when somebody signs in."""
        lines = lines_of(self.cleaned_data["keys"])
        if len(lines) > MOST_KEYS:
            raise forms.ValidationError(f"At most {MOST_KEYS} keys.")
        for number, line in enumerate(lines, 1):
            if "PRIVATE KEY" in line:
                raise forms.ValidationError("This is a private key: keep it to yourself, and paste the public one.")
            if not line.startswith(KEY_KINDS) or len(line.split()) < 2:
                raise forms.ValidationError(f"Line {number} is not a public key as OpenSSH writes it.")
        return "\n".join(lines)


def as_lines(pauses: list[dict[str, str]]) -> str:
    """Pauses as they are typed."""
    return "\n".join(f"{one['first']} to {one['last']} {one.get('why', '')}".strip() for one in pauses)


def _field(setting: Setting, *, kept: bool) -> forms.Field:
    said: dict[str, Any] = {
        "label": setting.label,
        "help_text": f"{setting.help} {KEEPS}" if kept else setting.help,
        "required": setting.required and not kept and setting.entry is not Entry.YES_NO,
        "initial": setting.default,
    }
    match setting.entry:
        case Entry.CHOICE:
            return forms.ChoiceField(choices=setting.choices, **said)
        case Entry.YES_NO:
            return forms.BooleanField(**said)
        case Entry.NUMBER:
            return forms.IntegerField(min_value=0, max_value=setting.most or None, **said)
        case Entry.SEALED:
            return forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "off"}), max_length=4000, **said)
        case Entry.LINES:
            plain = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=setting.most or 20000, **said)
            plain.validators.append(_refuse_private_key)
            return plain
        case Entry.SEALED_LINES:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), max_length=20000, **said)
        case _:
            return forms.CharField(max_length=2000, **said)


def _refuse_private_key(text: str) -> None:
    """What is entered here is shown again and not sealed."""
    if "PRIVATE KEY" in text:
        raise forms.ValidationError("This is a private key: keep it to yourself, and paste the public one.")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def _time(part: str) -> str:
    try:
        return datetime.strptime(part, "%H:%M").strftime("%H:%M")  # noqa: DTZ007 (an hour of any day)
    except ValueError:
        raise forms.ValidationError(f"{part} is not a time. Write 02:05 or 14:30.") from None


def _pause(line: str) -> dict[str, str]:
    match = ONE_PAUSE.fullmatch(line)
    try:
        if match is None:
            raise ValueError
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2]) if match[2] else first
    except ValueError:
        raise forms.ValidationError(f"“{line[:60]}” is no pause. Write 2027-06-10 to 2027-08-02 Summer.") from None
    if last < first:
        raise forms.ValidationError(f"{match[2]} is before {match[1]}.")
    return {"first": first.isoformat(), "last": last.isoformat(), "why": match[3].strip()[:100]}
