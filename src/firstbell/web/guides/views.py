"""The guides' pages: all of them, and one with its steps."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.districts.queries import find_practice
from firstbell.domain.roster.access import NotThere
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.guides.all_guides import GUIDES
from firstbell.web.guides.facts import learn
from firstbell.web.guides.standing import steps_of
from firstbell.web.visit import Visit, inside


@require_safe
@inside
def show_guides(visit: Visit) -> HttpResponse:
    """The guides, and how far each is."""
    ensure_may(visit.viewer, Permission.EDIT_ROSTER)
    facts = learn(visit.district, visit.scope, today=visit.today)
    guides = []
    for guide in GUIDES.values():
        steps = steps_of(visit, guide, facts)
        done = sum(line.state == "done" for line in steps)
        guides.append((guide, visit.url("guide", guide.code), done, len(steps)))
    context = {"guides": guides, **_practice(visit)}
    return show(visit, "guides/guides.html", context, room="guides")


def _practice(visit: Visit) -> dict[str, object]:
    """Where the practice space is begun, or gone back to and ended, by who may."""
    if not visit.may_change(Permission.MANAGE_MEMBERSHIPS) or visit.district.is_practice:
        return {}
    practice = find_practice(visit.district)
    return {
        "begin_url": visit.url("practice_begin"),
        "end_url": visit.url("practice_end") if practice else "",
        "practises": practice is not None,
    }


@require_safe
@inside
def show_guide(visit: Visit, guide: str) -> HttpResponse:
    """One guide."""
    ensure_may(visit.viewer, Permission.EDIT_ROSTER)
    found = GUIDES.get(guide)
    if found is None:
        raise NotThere(guide)
    steps = steps_of(visit, found, learn(visit.district, visit.scope, today=visit.today))
    context = {
        "guide": found,
        "steps": steps,
        "done": sum(line.state == "done" for line in steps),
        "crumbs": (Crumb("Guides", visit.url("guides")), Crumb(found.title)),
    }
    return show(visit, "guides/guide.html", context, room="guides")
