"""The comparison table: the three methods side by side, with what was answered and advised marked in it."""

from dataclasses import dataclass
from typing import Final

from firstbell.domain.advice.advising import Advice
from firstbell.domain.advice.answers import CHOICES, CRITERIA, METHODS, Criterion, Method
from firstbell.domain.advice.criteria import FITS, Reason
from firstbell.domain.advice.settings import AdviceSettings

MEANS: Final = ("first_roster", "updates", "log_in")


@dataclass(frozen=True, slots=True)
class Column:
    """One method; ``is_advised`` where it is the one that fits best."""

    method: Method
    label: str
    is_advised: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What a method is for, or means; ``fits`` where it is what was answered."""

    column: Column
    says: str
    fits: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion or consequence across the methods."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole table."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One criterion as the page tells it: what was answered, which methods that fits, why, and whether it agrees."""

    label: str
    answer: str
    fits: str
    because: str
    agrees: bool


def compare_methods(advice: Advice | None, settings: AdviceSettings) -> Comparison:
    """The table, without a mark where there is no advice yet."""
    columns = tuple(
        Column(method, settings.say(f"method.{method}"), bool(advice) and method == (advice and advice.method))
        for method in METHODS
    )
    said = {reason.criterion: reason for reason in advice.reasons} if advice else {}
    criteria = [
        Row(
            settings.say(f"heading.{criterion}"),
            tuple(
                Cell(column, _for(criterion, column.method, settings), _fits(said.get(criterion), column.method))
                for column in columns
            ),
        )
        for criterion in CRITERIA
    ]
    means = [
        Row(
            settings.say(f"heading.{one}"),
            tuple(Cell(column, settings.say(f"table.{one}.{column.method}")) for column in columns),
        )
        for one in MEANS
    ]
    return Comparison(columns, (*criteria, *means))


def reason_lines(advice: Advice, settings: AdviceSettings) -> list[ReasonLine]:
    """The reasons in the order of the questions."""
    return [
        ReasonLine(
            label=reason.label,
            answer=_answer(advice, reason.criterion, settings),
            fits=" or ".join(settings.say(f"method.{method}") for method in reason.methods),
            because=reason.because,
            agrees=advice.method in reason.methods,
        )
        for reason in advice.reasons
    ]


def _for(criterion: Criterion, method: Method, settings: AdviceSettings) -> str:
    """The answers that fit a method: "Every day or every week"."""
    if criterion == "accounts":
        return settings.say(f"table.accounts.{method}")
    choices = [choice for choice in CHOICES[criterion] if method in FITS[f"{criterion}.{choice}"]]
    first, *rest = (settings.say(f"answer.{criterion}.{choice}") for choice in choices)
    return " or ".join([first, *(said[:1].lower() + said[1:] for said in rest)])


def _fits(reason: Reason | None, method: Method) -> bool:
    return reason is not None and method in reason.methods


def _answer(advice: Advice, criterion: Criterion, settings: AdviceSettings) -> str:
    given = getattr(advice.answers, criterion)
    return f"{given:,}" if criterion == "accounts" else settings.say(f"answer.{criterion}.{given}")
