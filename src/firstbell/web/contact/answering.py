"""Answering what teachers and students ask, or having the vendor answer a teacher."""

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from firstbell.domain.advice.access import access_question, access_question_to_pass_on
from firstbell.domain.advice.asking import BadRequest, NotOpen, answer_request, pass_on
from firstbell.web.contact.forms import AnswerForm
from firstbell.web.visit import Visit, inside


@require_POST
@inside
def answer(visit: Visit, request_id: int) -> HttpResponse:
    """Answer a question."""
    request = access_question(visit.viewer, visit.district, request_id, today=visit.today)
    form = AnswerForm(visit.request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    try:
        answer_request(visit.district, request, text, now=timezone.now(), by=visit.viewer.actor)
        messages.success(visit.request, f"Question {request.pk} is answered.")
    except (BadRequest, NotOpen) as problem:
        messages.error(visit.request, f"Question {request.pk}: {problem}")
    return redirect(visit.url("contact"))


@require_POST
@inside
def hand_to_vendor(visit: Visit, request_id: int) -> HttpResponse:
    """Have whoever of the vendor looks after the district answer a teacher."""
    request = access_question_to_pass_on(visit.viewer, visit.district, request_id, today=visit.today)
    try:
        to = pass_on(
            visit.district, request, django_settings.FIRSTBELL_ADVICE, now=timezone.now(), by=visit.viewer.actor
        )
        messages.success(visit.request, f"Question {request.pk} is with {to.name}.")
    except NotOpen as problem:
        messages.error(visit.request, str(problem))
    return redirect(visit.url("contact"))
