"""What a district answers to the advisor's questions. No database, no Django: the command asks without either."""

import re
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

type Method = Literal["self_managed", "assisted", "automated"]
type Criterion = Literal["accounts", "mobility", "frequency", "current"]
type Mobility = Literal["rarely", "often"]
type Frequency = Literal["as-needed", "yearly", "daily", "weekly"]
type Current = Literal["manual", "sis", "integration"]

METHODS: Final[tuple[Method, ...]] = get_args(Method.__value__)
"""From the one that a district does alone to the one that goes by itself. A test holds them to districts.Method."""
CRITERIA: Final[tuple[Criterion, ...]] = get_args(Criterion.__value__)
MOBILITIES: Final[tuple[Mobility, ...]] = get_args(Mobility.__value__)
FREQUENCIES: Final[tuple[Frequency, ...]] = get_args(Frequency.__value__)
CURRENTS: Final[tuple[Current, ...]] = get_args(Current.__value__)
CHOICES: Final[dict[Criterion, tuple[str, ...]]] = {
    "mobility": MOBILITIES,
    "frequency": FREQUENCIES,
    "current": CURRENTS,
}
MOST_ACCOUNTS: Final = 10_000_000
NUMBER = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]+", re.ASCII)


class BadAnswer(ValueError):
    """An answer that cannot be one; ``criterion`` is the question, the text says what would be an answer."""

    def __init__(self, criterion: Criterion, text: str) -> None:
        super().__init__(text)
        self.criterion = criterion


@dataclass(frozen=True, slots=True)
class Answers:
    """What is known; None where a question is not answered. ``accounts`` are staff and students together."""

    accounts: int | None = None
    mobility: Mobility | None = None
    frequency: Frequency | None = None
    current: Current | None = None
    single_school: bool = False
    """The district has one school, so nobody is asked about moves between schools."""

    @property
    def asked(self) -> tuple[Criterion, ...]:
        """The questions that concern this district."""
        return tuple(one for one in CRITERIA if one != "mobility" or not self.single_school)

    @property
    def missing(self) -> tuple[Criterion, ...]:
        """The questions that concern it and have no answer yet."""
        return tuple(one for one in self.asked if getattr(self, one) is None)


def read_answers(
    *, accounts: str = "", mobility: str = "", frequency: str = "", current: str = "", single_school: bool = False
) -> Answers:
    """Answers as they were typed or chosen, blank where there is none. Raises BadAnswer."""
    answers = Answers(
        accounts=_number(accounts),
        mobility=cast("Mobility | None", _one_of("mobility", mobility)),
        frequency=cast("Frequency | None", _one_of("frequency", frequency)),
        current=cast("Current | None", _one_of("current", current)),
        single_school=single_school,
    )
    ensure_possible(answers)
    return answers


def ensure_possible(answers: Answers) -> None:
    """Raise BadAnswer where two answers contradict each other."""
    if answers.single_school and answers.mobility:
        raise BadAnswer("mobility", "A district with a single school has no moves between schools: leave this out.")


def ensure_answer(criterion: Criterion, typed: str) -> None:
    """Raise BadAnswer where this is no answer to this question; blank is none, and good."""
    if criterion == "accounts":
        _number(typed)
    else:
        _one_of(criterion, typed)


def _number(typed: str) -> int | None:
    typed = typed.strip()
    if not typed:
        return None
    # Thousands of digits are no number of people, and turning them into one takes long.
    if not NUMBER.fullmatch(typed) or len(typed) > len(str(MOST_ACCOUNTS)) * 2:
        raise BadAnswer("accounts", _wanted())
    number = int(typed.replace(",", ""))
    if not 1 <= number <= MOST_ACCOUNTS:
        raise BadAnswer("accounts", _wanted())
    return number


def _wanted() -> str:
    return f"Give staff and students together as a whole number from 1 to {MOST_ACCOUNTS:,}."


def _one_of(criterion: Criterion, chosen: str) -> str | None:
    if chosen and chosen not in CHOICES[criterion]:
        raise BadAnswer(criterion, f"Choose one of: {', '.join(CHOICES[criterion])}.")
    return chosen or None
