"""Who is who in a run: whom the source takes over and by what, who is new, who is only here."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.access import access_run
from firstbell.domain.imports.models import RunState
from firstbell.domain.imports.queries.takeover import MOST, Named, find_class_takeover, find_takeover
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside


@dataclass(frozen=True, slots=True)
class Letter:
    """Those whose family name begins with it: name and address (blank for who has no page yet)."""

    letter: str
    people: list[tuple[str, str]] = field(default_factory=list)


@require_safe
@inside
def show_takeover(visit: Visit, run_id: int) -> HttpResponse:
    """Every person with the evidence; of many the first."""
    run = access_run(visit.viewer, visit.district, run_id)
    ensure_may(visit.viewer, Permission.MANAGE_SOURCES)
    found = find_takeover(visit.district, run)
    classes = find_class_takeover(visit.district, run)
    context = {
        "run": run,
        "found": found,
        "most": MOST,
        "classes": classes,
        "matched_classes": [(one, visit.url("class", one.row_id)) for one in classes.matched_classes],
        "matched": [(one, visit.url("person", one.row_id)) for one in found.matched_people],
        "only_here": _by_letter(visit, found.only_here_people, have_pages=True),
        "new": _by_letter(visit, found.new_people, have_pages=run.state == RunState.APPLIED),
        "crumbs": [Crumb("Runs", visit.url("runs")), Crumb(f"Run {run.pk}", visit.url("run", run.pk))],
    }
    return show(visit, "runs/takeover.html", context, room="runs")


def _by_letter(visit: Visit, people: Iterable[Named], *, have_pages: bool) -> list[Letter]:
    """People under the letters of their family names, as a list of two hundred is read."""
    letters: dict[str, Letter] = {}
    for one in people:
        under = letters.setdefault(one.letter, Letter(one.letter))
        under.people.append((one.name, visit.url("person", one.row_id) if have_pages else ""))
    return [letters[letter] for letter in sorted(letters)]
