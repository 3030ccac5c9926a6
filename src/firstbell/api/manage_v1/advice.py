"""Advice: which rostering method fits. For anyone, without signing in, so it is slowed down by address."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.throttling import AnonRateThrottle
from pydantic import Field

from firstbell.api.manage_v1.problems import Problem
from firstbell.domain.advice.advising import advise
from firstbell.domain.advice.answers import (
    MOST_ACCOUNTS,
    Answers,
    Criterion,
    Current,
    Frequency,
    Method,
    Mobility,
    ensure_possible,
)
from firstbell.domain.advice.queries import find_products
from firstbell.domain.advice.telling import as_told

PER_MINUTE = 60
router = Router(tags=["advice"])


class ReasonOfAdvice(Schema):
    """What one criterion says."""

    criterion: Criterion
    says: str = Field(description="The methods that the answer fits, joined by ` or `.")
    because: str
    methods: list[Method] = Field(description="The same methods as a list.")
    agrees: bool = Field(description="The method that is advised is one of them.")


class MissingAnswer(Schema):
    """A question that was not answered."""

    criterion: Criterion
    question: str


class ContactShape(Schema):
    """Whom to ask; what is not known is left out."""

    name: str
    email: str = ""
    phone: str = ""
    page: str = ""


class AnswersShape(Schema):
    """The answers that the advice is made of; null where there was none."""

    accounts: int | None
    mobility: Mobility | None
    frequency: Frequency | None
    current: Current | None
    single_school: bool


class AdviceShape(Schema):
    """Which method fits, and why. The same as `firstbell advise --json`."""

    method: Method = Field(description="self_managed, assisted or automated.")
    label: str = Field(description="The method as people call it here.")
    reasons: list[ReasonOfAdvice] = Field(description="What each criterion says, and because of what.")
    sso: bool = Field(description="Whether single sign-on is possible with the method.")
    agrees: bool = Field(description="Every answer fits the method.")
    decision: str = Field(description="How the answers led to it: which won where they disagree, and why.")
    conditions: list[str] = Field(description="What has to be so for the method, or is possible after it.")
    follows: dict[str, str] = Field(description="What follows: first_roster, log_in, sso, updates.")
    next_steps: list[str] = Field(description="What to do next, one after the other.")
    contact: ContactShape = Field(description="Whom to ask.")
    missing: list[MissingAnswer] = Field(description="The questions without an answer, which might change the advice.")
    answers: AnswersShape = Field(description="The answers that the advice is made of.")


@router.get(
    "/advice",
    response={200: AdviceShape, 422: Problem, 429: Problem},
    operation_id="advise",
    auth=None,
    throttle=[AnonRateThrottle(f"{PER_MINUTE}/m")],
    exclude_unset=True,
)
def get_advice(
    request: HttpRequest,
    accounts: Annotated[int | None, Query(ge=1, le=MOST_ACCOUNTS, description="Staff and students together.")] = None,
    mobility: Annotated[Mobility | None, Query(description="How often students move between schools.")] = None,
    frequency: Annotated[Frequency | None, Query(description="How often rosters change.")] = None,
    current: Annotated[Current | None, Query(description="How students are rostered today.")] = None,
    single_school: Annotated[bool, Query(description="One school, so nobody moves between schools.")] = False,  # noqa: FBT002
    product: Annotated[
        list[str] | None, Query(max_length=50, description="Codes of products that will be used.")
    ] = None,
) -> AdviceShape:
    """Advise which rostering method fits, from the answers that are given: at least one.

    Without signing in; an address may ask 60 times a minute.
    """
    answers = Answers(accounts, mobility, frequency, current, single_school)
    ensure_possible(answers)
    told = as_told(advise(answers, settings.FIRSTBELL_ADVICE, find_products(product or ())))
    return AdviceShape.model_validate(told)
