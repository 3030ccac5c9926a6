"""Tones: what a colour and its sign mean, said once for chips, notices and messages."""

from typing import Final, Literal

type Tone = Literal["neutral", "good", "wait", "bad", "info", "busy"]

TONE_ICONS: Final[dict[str, str]] = {
    "neutral": "dash",
    "good": "check",
    "wait": "waiting",
    "bad": "stop",
    "info": "info",
    "busy": "busy",
}
"""The sign beside the colour, for those who do not see the colour."""

NOTICE_ICONS: Final[dict[str, str]] = {**TONE_ICONS, "wait": "alert", "neutral": "info"}

MESSAGE_TONES: Final[dict[str, Tone]] = {
    "debug": "info",
    "info": "info",
    "success": "good",
    "warning": "wait",
    "error": "bad",
}
"""Django's message levels as tones."""

SEVERITIES: Final[dict[str, tuple[str, Tone, str]]] = {
    "fatal": ("Stops the run", "bad", "stop"),
    "error": ("Record left out", "bad", "cross"),
    "warning": ("Warning", "wait", "alert"),
}
"""A finding's severity in words, with its tone and its sign."""
