"""Why a change by hand cannot be made, each for the one who asked for it."""

from dataclasses import dataclass

from firstbell.engine.entry import Problem


class Refused(Exception):
    """The change cannot be made as things are; the text says why and what to do."""


class NotGood(Exception):
    """Something that was typed cannot be so."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.says(problem.column) for problem in problems))
        self.problems = problems


class Locked(Exception):
    """A field comes from a source and is changed there."""

    def __init__(self, column: str, source: str) -> None:
        super().__init__(f"{column} comes from {source}")
        self.column = column
        self.source = source


@dataclass
class ChangedMeanwhile(Exception):
    """Somebody else changed the row after it was shown. ``now`` is what it says, ``stamp`` its version."""

    now: dict[str, str | None]
    stamp: int
