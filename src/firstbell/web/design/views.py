"""The gallery's page, open to everybody: it shows nothing real."""

from typing import Any

from django.utils import timezone
from django.views.generic import TemplateView

from firstbell.web.design import forms, people, runs


class DesignView(TemplateView):
    """Every component in all its states."""

    template_name = "web/design.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The made-up data."""
        now = timezone.now()
        return {
            **super().get_context_data(**kwargs),
            "shell": people.SHELL,
            "crumbs": people.CRUMBS,
            "tabs": people.TABS,
            "tasks": people.TASKS,
            "pupils": people.PUPILS,
            "timeline": people.timeline(now),
            "page_links": people.PAGE_LINKS,
            "form": forms.SourceForm(initial={"name": "PowerSchool nightly"}),
            "faulty_form": forms.faulty(),
            "filters": forms.FilterForm(),
            "states": runs.STATES,
            "runs": runs.lines(now),
            "counts": runs.COUNTS,
            "steps": runs.STEPS,
            "steps_held": runs.STEPS_HELD,
            "findings": runs.FINDINGS,
            "reasons": runs.REASONS,
            "changes": runs.CHANGES,
            "fields": runs.FIELDS,
            "now": now,
        }
