"""Everything that can be wrong with a roster: code, severity, sentence and remedy, said once.

Severities (ARCHITECTURE 7): *fatal* stops the run, *error* leaves the record out together with what hangs on it,
*warning* repairs or drops the value, or only tells. ``strict`` is the severity when a package is judged as a
certification would.
"""

from dataclasses import dataclass
from enum import StrEnum

from firstbell.engine.catalogue.corrections import CORRECTING
from firstbell.engine.catalogue.formats import CONVERTING, READING, TEMPLATES
from firstbell.engine.catalogue.lines import LENIENCY, LINES
from firstbell.engine.catalogue.matching import MATCHING
from firstbell.engine.catalogue.oddities import ODD
from firstbell.engine.catalogue.packages import PACKAGE
from firstbell.engine.catalogue.records import RECORDS
from firstbell.engine.catalogue.values import VALUES


class Severity(StrEnum):
    """How much a finding costs."""

    FATAL = "fatal"
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Code:
    """One thing that can be wrong. ``sentence`` may name ``{column}``, ``{value}`` and ``{detail}``."""

    code: str
    severity: Severity
    strict: Severity
    sentence: str
    remedy: str
    unreadable_id: bool = False

    def severity_in(self, *, strict: bool) -> Severity:
        """The severity for this way of judging."""
        return self.strict if strict else self.severity


_KINDS = {
    "fatal": (Severity.FATAL, Severity.FATAL),
    "error": (Severity.ERROR, Severity.ERROR),
    "deviation": (Severity.WARNING, Severity.ERROR),
    "warning": (Severity.WARNING, Severity.WARNING),
}
"""The severity of each kind, and that when judged strictly: a deviation is harmless to us and an error to them."""
_HIDES_IDS = frozenset({"id-missing", "id-too-long", "row-quote", "row-ragged"})
"""Codes of records whose id could not be read."""
_PARTS = (PACKAGE, LENIENCY, LINES, VALUES, RECORDS, MATCHING, READING, TEMPLATES, CONVERTING, CORRECTING, ODD)

CATALOGUE: dict[str, Code] = {
    code: Code(code, *_KINDS[kind], sentence, remedy, unreadable_id=code in _HIDES_IDS)
    for part in _PARTS
    for kind, code, sentence, remedy in part
}
