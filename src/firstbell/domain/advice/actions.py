"""Keeping a prospect's advice, and making it the set-up plan of the district that opens."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from firstbell.domain.advice.advising import advise
from firstbell.domain.advice.answers import Answers
from firstbell.domain.advice.models import Prospect, SetupPlan
from firstbell.domain.advice.queries import find_plan
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.advice.takes import Takes
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.actions import add_district
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.districts.wall import within

NCES = re.compile(r"[0-9]{7}([0-9]{5})?", re.ASCII)
LONGEST_NAME = 200


class BadProspect(ValueError):
    """What a prospect entered cannot be so; ``field`` is what, the text says why."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


class PlanThere(Exception):
    """The district has a set-up plan already; the text says so."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whose advice it is. Only the district's name is needed."""

    district_name: str
    nces: str = ""
    name: str = ""
    email: str = ""


@transaction.atomic
def keep_prospect(
    who: Who,
    answers: Answers,
    settings: AdviceSettings,
    products: Sequence[Takes] = (),
    *,
    today: date,
    by: Actor,
) -> Prospect:
    """Keep somebody's advice until its district opens, or the deployment's time is over.

    Raises BadProspect, and NothingKnown where no question is answered.
    """
    ensure_good(who)
    prospect = Prospect.objects.create(
        **asdict(who),
        answers=asdict(answers),
        products=[product.code for product in products],
        method=advise(answers, settings, products).method,
        keep_until=today + timedelta(days=settings.keep_days),
    )
    # The audit outlives the prospect, so it names nobody.
    detail = {"method": prospect.method}
    record(None, "prospect.kept", by=by, subject_kind="prospect", subject_id=prospect.pk, detail=detail)
    return prospect


def adopt_prospect(district: District, prospect: Prospect, *, by: Actor) -> SetupPlan:
    """Make a prospect's advice the set-up plan of its district, and erase the prospect. Raises PlanThere."""
    with within(district):
        if find_plan(district) is not None:
            raise PlanThere(f"{district.name} has a set-up plan already.")
        plan = SetupPlan.objects.create(
            district_id=district.pk,
            reference=prospect.reference,
            nces=prospect.nces,
            contact_name=prospect.name,
            contact_email=prospect.email,
            answers=prospect.answers,
            products=prospect.products,
            method=prospect.method,
            advised_at=prospect.created_at,
        )
        detail = {"method": plan.method, "reference": plan.reference}
        record(district.pk, "setup_plan.made", by=by, subject_kind="setup_plan", subject_id=plan.pk, detail=detail)
        prospect.delete()
    return plan


@transaction.atomic
def open_for_prospect(code: str, prospect: Prospect, *, name: str, time_zone: str, by: Actor) -> District:
    """Open the district of a prospect by the advised method, or take one that is there, and give it its plan.

    Raises BadDistrict and PlanThere.
    """
    district = find_district(code) or add_district(code, name, method=prospect.method, time_zone=time_zone, by=by)
    adopt_prospect(district, prospect, by=by)
    return district


@transaction.atomic
def forget_prospects(*, today: date, by: Actor) -> int:
    """Erase the prospects whose time is over; how many."""
    count, _ = Prospect.objects.filter(keep_until__lt=today).delete()
    if count:
        record(None, "prospects.forgotten", by=by, subject_kind="prospect", subject_id="", detail={"count": count})
    return count


def ensure_good(who: Who) -> None:
    """Raise BadProspect for what cannot be so."""
    if not who.district_name.strip():
        raise BadProspect("district_name", "Name your district or school.")
    for field, value in asdict(who).items():
        if len(value) > LONGEST_NAME or not value.isprintable():
            raise BadProspect(field, f"Write at most {LONGEST_NAME} characters, on one line.")
    if who.nces and not NCES.fullmatch(who.nces):
        raise BadProspect("nces", "An NCES number has 7 digits for a district, 12 for a school.")
    if who.email:
        try:
            validate_email(who.email)
        except ValidationError as problem:
            raise BadProspect("email", "This is no e-mail address.") from problem
