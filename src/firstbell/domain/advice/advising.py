"""The advice: one method, the reasons, and what decided where they disagree.

The methods stand in a row, from what a district does alone to what goes by itself. Each answer fits one of them or two
that are neighbours. The method with the least distance to all answers wins; moves between schools count a little less
than the rest. Where several are equally near, the head count decides, then today's way, how often rosters change, and
moves. So an answer that asks for more never leads to less, which a test holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from firstbell.domain.advice.answers import METHODS, Answers, Criterion, Method
from firstbell.domain.advice.criteria import Reason, reasons_of
from firstbell.domain.advice.settings import AdviceSettings, Contact
from firstbell.domain.advice.takes import Takes, listed

WEIGHTS: Final[dict[Criterion, int]] = {"accounts": 3, "mobility": 2, "frequency": 3, "current": 3}
DECIDES_TIES: Final[tuple[Criterion, ...]] = ("accounts", "current", "frequency", "mobility")
FOLLOWS: Final = ("first_roster", "log_in", "sso", "updates")


class NothingKnown(ValueError):
    """No question is answered yet, so there is nothing to advise."""

    def __init__(self) -> None:
        super().__init__("Answer at least one question.")


@dataclass(frozen=True, slots=True)
class Missing:
    """A question that is not answered yet."""

    criterion: Criterion
    question: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What is advised, and why. Never more than advice: a district chooses."""

    answers: Answers
    method: Method
    label: str
    reasons: tuple[Reason, ...]
    agrees: bool
    """Whether each answer fits the method."""
    decision: str
    """How the answers led to the method: which won, and why."""
    conditions: tuple[str, ...]
    """What has to be so for the method, or will be possible after it."""
    sso: bool
    follows: dict[str, str]
    """What the method means, by FOLLOWS."""
    next_steps: tuple[str, ...]
    contact: Contact
    missing: tuple[Missing, ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The places in METHODS that are equally near, the one that was taken, and who broke the tie (None: no tie)."""

    tied: range
    place: int
    by: Reason | None


def advise(answers: Answers, settings: AdviceSettings, products: Sequence[Takes] = ()) -> Advice:
    """The method that fits the answers that are there and that all the products take.

    Where no method is taken by all of them, the answers alone decide, and the conditions say which product does not
    take it. Raises NothingKnown where there are no answers.
    """
    reasons = reasons_of(answers, settings)
    if not reasons:
        raise NothingKnown
    weighed = _weigh(reasons)
    method = _taken(reasons, weighed.place, products)
    sso = method == "automated" and (not products or any(product.sso for product in products))
    follows = {one: settings.say(f"follows.{one}.{method}") for one in FOLLOWS}
    if method == "automated" and not sso:
        follows["sso"] = settings.say("follows.sso.no_product")
    return Advice(
        answers=answers,
        method=method,
        label=settings.say(f"method.{method}"),
        reasons=reasons,
        agrees=all(method in reason.methods for reason in reasons),
        decision=" ".join(
            [
                *_of_both(reasons),
                _decision(reasons, weighed, settings),
                *_of_products(METHODS[weighed.place], method, products, settings),
            ]
        ),
        conditions=(*_conditions(answers, method, settings), *product_conditions(method, products, settings)),
        sso=sso,
        follows=follows,
        next_steps=settings.next_steps[method],
        contact=settings.contact,
        missing=tuple(Missing(one, settings.say(f"question.{one}")) for one in answers.missing),
    )


def _weigh(reasons: Sequence[Reason]) -> _Weighed:
    far = [_distance(reasons, place) for place in range(3)]
    # The distance has one valley, so the nearest places are neighbours.
    nearest = [place for place in range(3) if far[place] == min(far)]
    tied = left = range(nearest[0], nearest[-1] + 1)
    by = None
    for reason in sorted(reasons, key=lambda reason: DECIDES_TIES.index(reason.criterion)):
        if len(left) == 1:
            break
        first, last = (min(max(reason.nearest(place), left[0]), left[-1]) for place in (left[0], left[-1]))
        if last - first < len(left) - 1:
            by = reason
        left = range(first, last + 1)
    return _Weighed(tied, left[0], by)


def product_conditions(method: Method, products: Sequence[Takes], settings: AdviceSettings) -> tuple[str, ...]:
    """What the products say to a method: those that do not take it, and those that take it one way only."""
    said = []
    for product in products:
        if method not in product.methods:
            methods = _methods([METHODS.index(one) for one in product.methods], settings)
            method_label = settings.say(f"method.{method}")
            said.append(settings.say("product.takes_not", product=product.name, method=method_label, methods=methods))
        elif method == "automated" and product.formats:
            said.append(settings.say("product.only_by", product=product.name, ways=product.formats_in_words))
    return tuple(said)


def _taken(reasons: Sequence[Reason], place: int, products: Sequence[Takes]) -> Method:
    """The method at this place, or where a product does not take it, the nearest that all take, if there is one."""
    taken = [METHODS.index(one) for one in METHODS if all(one in product.methods for product in products)]
    if place in taken or not taken:
        return METHODS[place]
    return METHODS[min(taken, key=lambda other: (_distance(reasons, other), abs(other - place), other))]


def _of_products(best: Method, method: Method, products: Sequence[Takes], settings: AdviceSettings) -> list[str]:
    """What is to be said where products have the last word."""
    if best == method:
        return []
    against = listed([product.name for product in products if best not in product.methods], "and")
    label, taken = settings.say(f"method.{best}"), settings.say(f"method.{method}")
    return [settings.say("product.decides", products=against, best=label, method=taken)]


def _distance(reasons: Sequence[Reason], place: int) -> int:
    return sum(WEIGHTS[reason.criterion] * reason.distance(place) for reason in reasons)


def _of_both(reasons: Sequence[Reason]) -> list[str]:
    """What is to be said first where the head count fits two methods."""
    return [reason.because for reason in reasons if reason.is_open]


def _decision(reasons: Sequence[Reason], weighed: _Weighed, settings: AdviceSettings) -> str:
    place, method = weighed.place, settings.say(f"method.{METHODS[weighed.place]}")
    tied = _methods(weighed.tied, settings)
    if len(weighed.tied) > 1 and weighed.by is None:
        return settings.say("decision.open", tied=tied, method=method)
    if len(weighed.tied) > 1 and weighed.by is not None:
        own = METHODS[place] in weighed.by.methods
        key = "decision.tie" if own else "decision.tie_nearest"
        return settings.say(key, tied=tied, deciding=weighed.by.label, method=method)
    below = [reason for reason in reasons if reason.highest < place]
    above = [reason for reason in reasons if reason.lowest > place]
    if not below and not above:
        return settings.say("decision.only" if len(reasons) == 1 else "decision.agree", method=method)
    if below and above:
        return settings.say(
            "decision.between",
            below=_labels(below),
            lower=_methods(range(below[0].lowest, max(reason.highest for reason in below) + 1), settings),
            above=_labels(above),
            higher=_methods(range(min(reason.lowest for reason in above), 3), settings),
            method=method,
        )
    return _outweighed(below or above, reasons, method, settings)


def _outweighed(against: Sequence[Reason], reasons: Sequence[Reason], method: str, settings: AdviceSettings) -> str:
    """All that disagree pull the same way, and the rest weighs more."""
    deciding = [reason for reason in reasons if reason not in against and not reason.is_open]
    other = _methods(sorted({METHODS.index(one) for reason in against for one in reason.methods}), settings)
    key = "decision.outweighed" if len(deciding) > 1 else "decision.outweighed_alone"
    why = " ".join(reason.because for reason in deciding)
    said = settings.say(key, against=_labels(against), other=other, deciding=_labels(deciding), method=method)
    return f"{said} {why}"


def _labels(reasons: Sequence[Reason]) -> str:
    """ "Head count, today’s way and how often rosters change"."""
    first, *rest = (reason.label for reason in reasons)
    return listed([first, *(label[:1].lower() + label[1:] for label in rest)], "and")


def _methods(places: Sequence[int], settings: AdviceSettings) -> str:
    return listed([settings.say(f"method.{METHODS[place]}") for place in places], "or")


def _conditions(answers: Answers, method: Method, settings: AdviceSettings) -> tuple[str, ...]:
    if method == "automated" and answers.current == "manual":
        return (settings.say("condition.needs_a_system"),)
    if method != "automated" and answers.current in {"sis", "integration"}:
        return (settings.say("condition.has_a_system"),)
    if method != "automated" and answers.frequency in {"daily", "weekly"}:
        return (settings.say("condition.outgrows_hands"),)
    return ()
