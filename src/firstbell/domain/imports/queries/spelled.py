"""The corrections that a run's input may have been read with: without them nobody knows all of its passwords."""

import json

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import SECRETS, RunFolder
from firstbell.domain.imports.models import Run
from firstbell.domain.roster.models import Source
from firstbell.domain.roster.sources import policy_of
from firstbell.engine.corrections.kinds import Corrections
from firstbell.engine.corrections.parsing import parse


def corrections_of(district: District, run: Run) -> Corrections:
    """Those of today, and those with which the run was planned: somebody may have changed them while it waited."""
    with within(district):
        now = policy_of(Source.objects.get(pk=run.source_id)).corrections
    folder = RunFolder(district, run.pk)
    if not folder.has(SECRETS):
        return now
    with folder.open(SECRETS) as noted:
        then = parse(json.load(noted))
    return Corrections((*then.declared, *now.declared))
