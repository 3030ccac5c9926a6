"""Letters about advice and requests, to people of the vendor and of a district. They name no student."""

from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.core.mail import send_mail
from django.urls import reverse

from firstbell.domain.accounts.models import Account
from firstbell.domain.accounts.queries import list_administrators
from firstbell.domain.advice.advising import advise
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.models import Audience, ContactRequest, Prospect
from firstbell.domain.advice.queries import find_products
from firstbell.domain.advice.queueing import ANSWERED, ASKED, ESCALATED
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.queries.offices import list_office


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
    """Tell whose a request is, or who asked of the answer. Raises what Django's mail raises."""
    is_inside = request.audience != Audience.VENDOR
    to = [request.asked_email] if about == ANSWERED else _answerers(about, district, request)
    if not (any(to) and django_settings.FIRSTBELL_SENDS_MAIL):
        return
    subject, said = _inside(about, district, request) if is_inside else _of_the_vendor(about, district, request)
    send_mail(_one_line(subject), "\n".join(said), django_settings.DEFAULT_FROM_EMAIL, to)


def _answerers(about: str, district: District, request: ContactRequest) -> list[str]:
    """The addresses of those who can answer: of the vendor one; inside the district the office, or administrators."""
    if request.audience == Audience.VENDOR:
        return [request.owner_email]
    office: list[Account] = []
    if request.schools and about == ASKED:
        with within(district):
            office = list_office(district, request.schools, today=today_of(district))
    return [account.email for account in office or list_administrators(district) if account.email]


def _inside(about: str, district: District, request: ContactRequest) -> tuple[str, list[str]]:
    """What was asked inside a district, and what was answered, is about children: a letter has neither."""
    who = f"A {request.asked_as.lower()}" if request.asked_as else "Somebody"
    link = django_settings.FIRSTBELL_URL + reverse("web:contact", args=[district.code])
    subject, said = {
        ASKED: (f"{who} of {district.name} asks something", f"Question {request.pk} is for {request.owner_name}."),
        ESCALATED: (
            f"Question {request.pk} of {district.name} still waits",
            "Nobody has answered it in two working days. Any administrator can.",
        ),
        ANSWERED: (f"Your question {request.pk} is answered", "The answer stands on the Contact page."),
    }[about]
    return subject, [said, "", f"Open the Contact page: {link}"]


def _of_the_vendor(about: str, district: District, request: ContactRequest) -> tuple[str, list[str]]:
    return {
        ASKED: (f"Request {request.pk}: {district.name} asks", _asked(district, request)),
        ESCALATED: (f"Request {request.pk}: {district.name} still waits", _asked(district, request)),
        ANSWERED: (f"Your request {request.pk} is answered", _answered(request)),
    }[about]


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
