"""A run's state in words: what it is, how it looks, and who has the next step."""

from dataclasses import dataclass
from typing import Final

from firstbell.domain.imports.models import RunState
from firstbell.web.components.tones import Tone


@dataclass(frozen=True, slots=True)
class StateWords:
    """How one state is said."""

    label: str
    tone: Tone
    next_step: str


RUN_STATES: Final[dict[str, StateWords]] = {
    RunState.RECEIVED: StateWords("Received", "busy", "Firstbell starts it in a moment"),
    RunState.WORKING: StateWords("Working", "busy", "Firstbell is at work on it"),
    RunState.HELD: StateWords("Held", "wait", "An administrator decides"),
    RunState.APPROVED: StateWords("Approved", "busy", "Firstbell applies it in a moment"),
    RunState.APPLIED: StateWords("Applied", "good", "Nothing to do"),
    RunState.REFUSED: StateWords("Refused", "bad", "The district repairs the files and sends them again"),
    RunState.DISCARDED: StateWords("Discarded", "neutral", "Nothing to do"),
    RunState.UNDONE: StateWords("Undone", "neutral", "Nothing to do"),
    RunState.FAILED: StateWords("Failed", "bad", "An administrator starts it again or discards it"),
    RunState.CHECKED: StateWords("Checked only", "info", "Nothing to do; the roster was not touched"),
}


def words_for(state: str) -> StateWords:
    """The words for a run's state. One that has none yet is shown by its own name, never hidden."""
    return RUN_STATES.get(state) or StateWords(state.replace("_", " ").capitalize(), "neutral", "")
