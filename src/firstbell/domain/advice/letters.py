"""Letters about advice, to people of the vendor. They name no student."""

from django.conf import settings as django_settings
from django.core.mail import send_mail

from firstbell.domain.advice.advising import advise
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.models import Prospect
from firstbell.domain.advice.queries import find_products
from firstbell.domain.advice.settings import AdviceSettings


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
    subject = f"Advice kept: {prospect.district_name}, {advice.label}"
    send_mail(subject, "\n".join(said), django_settings.DEFAULT_FROM_EMAIL, [settings.contact.email])


def _who(prospect: Prospect) -> list[tuple[str, str]]:
    return [
        ("Name", prospect.name),
        ("E-mail", prospect.email),
        ("NCES number", prospect.nces),
        ("Reference", prospect.reference),
    ]
