"""Asking whoever keeps the student information system about a run that waits: numbers and schools, never a name."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from procrastinate.contrib.django import app

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.models import Run
from firstbell.domain.sources.letters import NotTold
from firstbell.domain.sources.models import Question
from firstbell.domain.sources.noticing import QUEUE

log = structlog.get_logger(__name__)

ASK = "sources.ask"
MOST_A_DAY = 20
"""Of one district: letters go to whom somebody typed in."""


class TooMany(Exception):
    """The district has asked often enough for today; the text says so."""


def letter_about(run: Run, says: str) -> str:
    """The letter, as it goes out and as it can be copied."""
    reasons = "\n".join(f"- {reason['says']}" for reason in run.reasons)
    asked = f"{says.strip()}\n\n" if says.strip() else ""
    return (
        f"{asked}The roster from {run.source.name} that came on {run.created_at:%B} {run.created_at.day} at"
        f" {run.created_at:%H:%M} UTC ({run.package_name}) was not applied by itself, because:\n\n{reasons}\n\n"
        "Is that right? If the export was incomplete, please send it again."
    )


def ask_about(district: District, run: Run, to: str, says: str, *, reply_to: str, by: Actor) -> Question:
    """Have a letter sent in the name of a person, to whom (``reply_to``) the answer goes. Raises TooMany."""
    with within(district):
        today = Question.objects.filter(
            district_id=district.pk, created_at__gte=timezone.now() - timedelta(days=1)
        ).count()
        if today >= MOST_A_DAY:
            raise TooMany(f"{MOST_A_DAY} letters have been sent within a day, which is the most. Write by yourself.")
        question = Question.objects.create(
            district_id=district.pk,
            source_id=run.source_id,
            run_id=run.pk,
            to=to,
            body=letter_about(run, says),
            asked_by=by.name,
            reply_to=reply_to,
        )
        record(district.pk, "run.asked", by=by, subject_kind="run", subject_id=run.pk, detail={"to": to})
        app.configure_task(ASK, queue=QUEUE).defer(district_id=district.pk, question_id=question.pk)
    return question


def send_question(district: District, question_id: int) -> None:
    """Send a letter that was not sent yet. Raises NotTold where it did not go out."""
    with within(district):
        question = Question.objects.get(pk=question_id, district_id=district.pk)
    if question.sent_at is not None or not settings.FIRSTBELL_SENDS_MAIL or district.is_practice:
        return
    letter = EmailMessage(
        f"{district.name}: is this roster right?",
        f"{question.body}\n\n{question.asked_by}, {district.name}\n",
        settings.DEFAULT_FROM_EMAIL,
        [question.to],
        reply_to=[question.reply_to] if question.reply_to else None,
    )
    try:
        letter.send()
    except OSError as fault:  # smtplib's errors are OSErrors
        log.warning("question.not_sent", district_id=district.pk, error=type(fault).__name__)
        raise NotTold(f"question {question_id}") from None
    with within(district):
        Question.objects.filter(pk=question_id, district_id=district.pk).update(sent_at=timezone.now())


def list_questions(district: District, run: Run) -> list[Question]:
    """What was asked about a run, the newest first."""
    with within(district):
        return list(Question.objects.filter(district_id=district.pk, run_id=run.pk).order_by("-id"))


def find_last_address(district: District, source_id: int) -> str:
    """Whom somebody asked last about a source; blank where nobody did."""
    with within(district):
        asked = Question.objects.filter(district_id=district.pk, source_id=source_id).order_by("-id")
        return asked.values_list("to", flat=True).first() or ""
