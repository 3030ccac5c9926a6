"""Parts that tell of runs, findings and people: ``{% load rostering %}``."""

import re
from collections.abc import Mapping, Sequence

from django.template import Library
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from firstbell.web.components.shapes import (
    Counts,
    FieldChange,
    FindingNote,
    HoldReason,
    Moment,
    RowChange,
    RunLine,
    Step,
)
from firstbell.web.components.states import words_for
from firstbell.web.components.tones import SEVERITIES

register = Library()

SIGNS = {"added": "+", "updated": "~", "removed": "\N{MINUS SIGN}", "restored": "↺"}
KINDS = {"added": "good", "updated": "info", "removed": "bad", "restored": "wait"}


@register.inclusion_tag("components/counts.html")
def counts(counts: Counts | Mapping[str, int]) -> dict[str, object]:
    """+ ~ − of a run: anything with added, updated, removed and restored, of which it shows what is not zero."""
    known = counts if isinstance(counts, Mapping) else {kind: getattr(counts, kind) for kind in SIGNS}
    return {"counts": [(kind, sign, known[kind]) for kind, sign in SIGNS.items() if known.get(kind)]}


@register.inclusion_tag("components/run_state.html")
def run_state(state: str) -> dict[str, object]:
    """A run's state as a chip."""
    return {"words": words_for(state)}


@register.simple_tag
def next_step(state: str) -> str:
    """Who has the next step of a run in this state."""
    return words_for(state).next_step


@register.inclusion_tag("components/steps.html")
def steps(steps: Sequence[Step], label: str = "Steps of this run") -> dict[str, object]:
    """The pipeline's steps with time and counts."""
    signs = {"done": "check", "now": "busy", "ahead": "", "held": "waiting", "failed": "cross"}
    said = {"done": "done", "now": "in progress", "ahead": "not started", "held": "waiting for a person"}
    lines = [(step, signs[step.state], said.get(step.state, "failed")) for step in steps]
    return {"lines": lines, "label": label}


@register.inclusion_tag("components/run_strip.html")
def run_strip(runs: Sequence[RunLine]) -> dict[str, object]:
    """The last runs, newest first."""
    return {"runs": [(run, run.next_step or words_for(run.state).next_step) for run in runs]}


@register.inclusion_tag("components/severity.html")
def severity(name: str) -> dict[str, object]:
    """A finding's severity as a chip."""
    words, tone, sign = SEVERITIES[name]
    return {"words": words, "tone": tone, "sign": sign}


@register.inclusion_tag("components/finding.html")
def finding(finding: FindingNote, level: int = 3) -> dict[str, object]:
    """A finding: what is wrong, where, what to do. ``level`` is the heading's level on this page."""
    return {"finding": finding, "tone": SEVERITIES[finding.severity][1], "heading": f"h{level}"}


@register.filter
def placeholders(sentence: str) -> SafeString:
    """A finding's sentence in general: what differs from one to the next, in stars, as emphasis."""
    return mark_safe(re.sub(r"\*(column|value|detail)\*", r"<em>\1</em>", escape(sentence)))  # noqa: S308


@register.inclusion_tag("components/hold_reasons.html")
def hold_reasons(reasons: Sequence[HoldReason]) -> dict[str, object]:
    """Why a run waits. Stands in a ``<section class="hold">`` with the buttons that end the wait."""
    return {"reasons": reasons}


@register.inclusion_tag("components/diff_table.html")
def diff_table(fields: Sequence[FieldChange], caption: str) -> dict[str, object]:
    """The fields of one row, before and after."""
    return {"fields": fields, "caption": caption}


@register.inclusion_tag("components/changes_table.html")
def changes_table(changes: Sequence[RowChange], caption: str) -> dict[str, object]:
    """Rows that a run changes, each with its fields before and after."""
    return {"changes": [(change, KINDS[change.kind], SIGNS[change.kind]) for change in changes], "caption": caption}


@register.inclusion_tag("components/timeline.html")
def timeline(moments: Sequence[Moment]) -> dict[str, object]:
    """What happened when and why, newest first."""
    return {"moments": moments}
