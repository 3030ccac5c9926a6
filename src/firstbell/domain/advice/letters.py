"""Letters about advice, to people of the vendor. They name no student."""

from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.core.mail import send_mail
from django.urls import reverse

from firstbell.domain.advice.advising import advise
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.models import ContactRequest, Prospect
from firstbell.domain.advice.queries import find_products
from firstbell.domain.advice.queueing import ANSWERED, ASKED, ESCALATED
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.districts.models import District


def may_write(settings: AdviceSettings) -> bool:
    """Whether there is a mail server, and somebody to write to."""
    return bool(django_settings.FIRSTBELL_SENDS_MAIL and settings.contact.email)


def send_prospect(prospect: Prospect, settings: AdviceSettings) -> None:
    """Tell the deployment's contact of kept advice. Raises what Django's mail raises."""
    products = find_products(prospect.products)
    advice = advise(Answers(**prospect.answers), settings, products)
    said = [
        f"{prospect.district_name} asked which method fits, and was advised: {advice.label}.",
        "",
        advice.decision,
        *advice.conditions,
        "",
        *(f"{reason.label}: {' or '.join(reason.methods)}. {reason.because}" for reason in advice.reasons),
        *(f"Not answered: {missing.question}" for missing in advice.missing),
        "",
        *(f"Product: {product.name}" for product in products),
        *(f"{what}: {value}" for what, value in _who(prospect) if value),
        "",
        f"When the district opens: firstbell open CODE --prospect {prospect.reference}",
        f"It is kept until {prospect.keep_until.isoformat()}.",
    ]
    subject = _one_line(f"Advice kept: {prospect.district_name}, {advice.label}")
    send_mail(subject, "\n".join(said), django_settings.DEFAULT_FROM_EMAIL, [settings.contact.email])


def send_about_request(about: str, district: District, request: ContactRequest) -> None:
    """Tell the owner of a request, or who asked of the answer. Raises what Django's mail raises."""
    to = request.asked_email if about == ANSWERED else request.owner_email
    if not (to and django_settings.FIRSTBELL_SENDS_MAIL):
        return
    subject, said = {
        ASKED: (f"Request {request.pk}: {district.name} asks", _asked(district, request)),
        ESCALATED: (f"Request {request.pk}: {district.name} still waits", _asked(district, request)),
        ANSWERED: (f"Your request {request.pk} is answered", _answered(request)),
    }[about]
    send_mail(_one_line(subject), "\n".join(said), django_settings.DEFAULT_FROM_EMAIL, [to])


def _asked(district: District, request: ContactRequest) -> list[str]:
    due = request.due_at.astimezone(ZoneInfo(district.time_zone))
    return [
        f"{request.asked_by} of {district.name} asks:",
        "",
        request.message,
        "",
        *([f"About the page {request.page}", ""] if request.page else []),
        f"It is yours, {request.owner_name}, and due on {due:%A, %B} {due.day}.",
        f"Answer it: {django_settings.FIRSTBELL_URL}{reverse('web:request', args=[district.code, request.pk])}",
        f"Or where Firstbell runs: firstbell answer {request.pk} --district {district.code} TEXT",
    ]


def _answered(request: ContactRequest) -> list[str]:
    return [f"{request.answered_by} answers:", "", request.answer, "", "You asked:", "", request.message]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _who(prospect: Prospect) -> list[tuple[str, str]]:
    return [
        ("Name", prospect.name),
        ("E-mail", prospect.email),
        ("NCES number", prospect.nces),
        ("Reference", prospect.reference),
    ]
