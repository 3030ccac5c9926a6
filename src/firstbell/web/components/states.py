"""A run's state in words: what it is, how it looks, and who has the next step."""

from dataclasses import dataclass
from typing import Final

from firstbell.web.components.tones import Tone


@dataclass(frozen=True, slots=True)
class StateWords:
    """How one state is said."""

    label: str
    tone: Tone
    next_step: str


RUN_STATES: Final[dict[str, StateWords]] = {
    "received": StateWords("Received", "busy", "Firstbell starts it in a moment"),
    "reading": StateWords("Reading", "busy", "Firstbell is reading the files"),
    "checking": StateWords("Checking", "busy", "Firstbell is checking every record"),
    "planned": StateWords("Plan ready", "wait", "An administrator looks at the plan"),
    "held": StateWords("Held", "wait", "An administrator decides"),
    "applying": StateWords("Applying", "busy", "Firstbell is changing the roster"),
    "applied": StateWords("Applied", "good", "Nothing to do"),
    "partly_applied": StateWords("Partly applied", "wait", "An administrator decides about the rest"),
    "refused": StateWords("Refused", "bad", "The district repairs the files and sends them again"),
    "failed": StateWords("Failed", "bad", "Firstbell tries again"),
    "discarded": StateWords("Discarded", "neutral", "Nothing to do"),
    "undone": StateWords("Undone", "neutral", "Nothing to do"),
}


def words_for(state: str) -> StateWords:
    """The words for a run's state. One that has none yet is shown by its own name, never hidden."""
    return RUN_STATES.get(state) or StateWords(state.replace("_", " ").capitalize(), "neutral", "")
