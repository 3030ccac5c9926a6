"""Tones: what a colour and its sign mean, said once for chips, notices and messages."""

from typing import Final, Literal

from firstbell.engine.catalogue import Severity
from firstbell.engine.report import IN_WORDS

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
    Severity.FATAL: (IN_WORDS[Severity.FATAL], "bad", "stop"),
    Severity.ERROR: (IN_WORDS[Severity.ERROR], "bad", "cross"),
    Severity.WARNING: (IN_WORDS[Severity.WARNING], "wait", "alert"),
}
"""A finding's severity in words, with its tone and its sign."""
