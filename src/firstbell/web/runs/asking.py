"""Asking whoever keeps the student information system about a run that waits."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.imports.access import access_run
from firstbell.domain.imports.models import RunState
from firstbell.domain.sources.asking import TooMany, ask_about, find_last_address, letter_about, list_questions
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside


class AskForm(forms.Form):
    """Whom, and what in one's own words."""

    to = forms.EmailField(
        label="Their e-mail address",
        help_text="Of the person who keeps your student information system, or its support.",
    )
    says = forms.CharField(
        label="In your words",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It stands above what follows. Name no students: mail is not a safe place.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_ask(visit: Visit, run_id: int) -> HttpResponseBase:
    """The letter before it goes out. The run waits on meanwhile."""
    run = access_run(visit.viewer, visit.district, run_id)
    ensure_may(visit.viewer, Permission.DECIDE_RUNS)
    back = visit.url("run", run.pk)
    if run.state != RunState.HELD:
        messages.info(visit.request, f"Run {run.pk} does not wait any more.")
        return redirect(back)
    posted = visit.request.method == "POST"
    form = AskForm(
        visit.request.POST if posted else None, initial={"to": find_last_address(visit.district, run.source_id)}
    )
    if posted and form.is_valid():
        said, reply_to = form.cleaned_data, getattr(visit.request.user, "email", "") or ""
        try:
            ask_about(visit.district, run, said["to"], said["says"], reply_to=reply_to, by=visit.viewer.actor)
        except TooMany as enough:
            form.add_error(None, str(enough))
        else:
            messages.success(visit.request, f"{said['to']} is asked. The answer comes to you by mail; the run waits.")
            return redirect(back)
    context = {
        "run": run,
        "form": form,
        "crumbs": [Crumb("Runs", visit.url("runs")), Crumb(f"Run {run.pk}", back)],
        "letter": letter_about(run, ""),
        "asked": list_questions(visit.district, run),
        "sends_mail": settings.FIRSTBELL_SENDS_MAIL,
    }
    return show(visit, "runs/ask.html", context, room="runs", status=422 if posted else 200)
