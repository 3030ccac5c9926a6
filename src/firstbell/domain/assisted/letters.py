"""Letters about cases: to who has the next step, with one button. They hold no student's data, nor what was written."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from firstbell.domain.assisted.models import Case, CaseState, Side
from firstbell.domain.assisted.queries import list_messages
from firstbell.domain.assisted.queueing import ANSWERED, DISPUTED, REMINDER, SAID, WARNING
from firstbell.domain.assisted.staffing import staff_of
from firstbell.domain.assisted.states import waits_for
from firstbell.domain.districts.models import District

WORDS: dict[str, tuple[str, str, str]] = {
    CaseState.REQUESTED: ("was requested", "A district asks for One-Time Assisted.", "Open the case"),
    CaseState.TEMPLATES: (
        "has its templates ready",
        (
            "The templates are ready. Fill them in, and bring them back on the page of the case. It tells at once what"
            " is missing."
        ),
        "Get the templates",
    ),
    CaseState.CHECKED: (
        "has something to look at",
        (
            "Your files were checked, and something in them needs a look. Put it right and bring them again, or let"
            " Technical Services go on with them as they are."
        ),
        "See what was found",
    ),
    CaseState.PLANNED: ("has its plan ready", "The plan of a case is ready to be imported.", "Look at the plan"),
    CaseState.RETURNED: (
        "came back to you",
        "Technical Services has returned the files, and says why. Put them right and bring them again.",
        "See what to put right",
    ),
    CaseState.IMPORTED: (
        "is imported",
        "The accounts are made. Nobody can sign in yet: first see, account by account, whether they are right.",
        "Check the accounts",
    ),
    CaseState.VERIFIED: (
        "is confirmed",
        (
            "Thank you for checking. The log-ins are opened; the contact person takes them over, once, and signs"
            " the case off."
        ),
        "Take the log-ins",
    ),
    CaseState.SIGNED_OFF: ("is signed off", "The case is finished. Its receipt stands on its page.", "See the receipt"),
    CaseState.CANCELLED: ("was cancelled", "The case was cancelled. Nothing more comes of it.", "See the case"),
    SAID: ("has a new message", "There is a new message on the case.", "Read it"),
    DISPUTED: ("has an account marked as wrong", "The district marked an account as wrong.", "See which"),
    ANSWERED: ("has answers for you", "Everything that you marked as wrong is answered.", "See the answers"),
    REMINDER: ("waits for you", "The next step is yours, and it is due.", "Open the case"),
    WARNING: (
        "will be closed",
        (
            "Nothing has happened on this case for a while. It is closed in five working days unless you go on with it."
            " Nothing on your roster changes by that, and you can ask for a new one at any time."
        ),
        "Go on with it",
    ),
}
"""By what a letter is about: how its subject ends, what it says, and its button."""
TO_SERVICES = frozenset({CaseState.REQUESTED, CaseState.PLANNED, DISPUTED})


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, ready to be sent."""

    to: str
    subject: str
    lines: tuple[str, ...]
    link: str
    button: str


def letter_of(district: District, case: Case, about: str) -> Letter | None:
    """The letter, or None where there is nobody to write to. None leaves a practice space."""
    if district.is_practice:
        return None
    to_services = _is_for_services(district, case, about)
    to = _address_of_services(case) if to_services else case.contact_email
    if not to:
        return None
    ends, says, button = WORDS[about]
    name = "web:desk_case" if to_services else "web:case"
    lines = [says, f"{district.name}, case {case.pk}: {case.get_state_display()}."]
    if case.due_at and about not in {CaseState.SIGNED_OFF, CaseState.CANCELLED, WARNING}:
        due = case.due_at.astimezone(ZoneInfo(district.time_zone))
        lines.append(f"The next step is due on {due:%A, %B} {due.day}.")
    link = case.origin + reverse(name, args=[district.code, case.pk])
    return Letter(to, f"Case {case.pk} of {' '.join(district.name.split())} {ends}", tuple(lines), link, button)


def send_letter(district: District, case: Case, about: str) -> bool:
    """Send a letter if there is a mail server and somebody to write to. Raises what Django's mail raises."""
    letter = letter_of(district, case, about) if settings.FIRSTBELL_SENDS_MAIL else None
    if letter is None:
        return False
    text = "\n\n".join([*letter.lines, f"{letter.button}: {letter.link}"])
    mail = EmailMultiAlternatives(letter.subject, text, settings.DEFAULT_FROM_EMAIL, [letter.to])
    mail.attach_alternative(as_html(letter), "text/html")
    mail.send()
    return True


def as_html(letter: Letter) -> str:
    """The same as a page of mail: its words and one button."""
    said = format_html_join("", '<p style="margin:0 0 16px">{}</p>', ((line,) for line in letter.lines))
    button = (
        "display:inline-block;padding:12px 20px;border-radius:6px;background:#1d4ed8;color:#fff;text-decoration:none"
    )
    return format_html(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{}</title></head>'
        '<body style="font:16px/1.5 sans-serif;color:#1f2937;max-width:36em;margin:0 auto;padding:24px">{}'
        '<p><a href="{}" style="{}">{}</a></p></body></html>',
        letter.subject,
        said,
        letter.link,
        button,
        letter.button,
    )


def _is_for_services(district: District, case: Case, about: str) -> bool:
    if about == REMINDER:
        return waits_for(case) == Side.SERVICES
    if about == SAID:
        messages = list_messages(district, case)
        return bool(messages) and messages[-1].side == Side.DISTRICT
    return about in TO_SERVICES


def _address_of_services(case: Case) -> str:
    """Whoever has the case; while nobody has, the deployment's contact."""
    staff = staff_of(case)
    return (staff.account.email or "") if staff is not None else str(settings.FIRSTBELL_ADVICE.contact.email)
