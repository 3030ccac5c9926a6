"""What each answer says by itself: the methods it fits, and why."""

from dataclasses import dataclass
from typing import Final

from firstbell.domain.advice.answers import METHODS, Answers, Criterion, Method
from firstbell.domain.advice.settings import AdviceSettings, Thresholds

FITS: Final[dict[str, tuple[Method, ...]]] = {
    "mobility.rarely": ("self_managed", "assisted"),
    "mobility.often": ("automated",),
    "frequency.as-needed": ("self_managed",),
    "frequency.yearly": ("assisted",),
    "frequency.daily": ("automated",),
    "frequency.weekly": ("automated",),
    "current.manual": ("self_managed", "assisted"),
    "current.sis": ("automated",),
    "current.integration": ("automated",),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One criterion: which methods the answer fits, one beside the other in the order of METHODS, and why."""

    criterion: Criterion
    label: str
    methods: tuple[Method, ...]
    because: str

    @property
    def is_open(self) -> bool:
        """Whether it is a head count at which two methods meet, so that the others decide between them."""
        return self.criterion == "accounts" and len(self.methods) > 1

    @property
    def lowest(self) -> int:
        """The place of its first method among METHODS."""
        return METHODS.index(self.methods[0])

    @property
    def highest(self) -> int:
        """The place of its last one."""
        return METHODS.index(self.methods[-1])

    def nearest(self, place: int) -> int:
        """Which of its methods is nearest to a place."""
        return min(max(place, self.lowest), self.highest)

    def distance(self, place: int) -> int:
        """How many methods lie between a place and what this fits."""
        return abs(place - self.nearest(place))


def reasons_of(answers: Answers, settings: AdviceSettings) -> tuple[Reason, ...]:
    """What each of the answers that are there says, in the order of the questions."""
    return tuple(
        _reason(criterion, answers, settings) for criterion in answers.asked if getattr(answers, criterion) is not None
    )


def methods_for(accounts: int, thresholds: Thresholds) -> tuple[Method, ...]:
    """The methods that a number of accounts fits: one, or where the bounds overlap two."""
    fits = (
        accounts < thresholds.assisted_from,
        thresholds.assisted_from <= accounts <= thresholds.assisted_to,
        accounts >= thresholds.automated_from,
    )
    return tuple(method for method, is_fit in zip(METHODS, fits, strict=True) if is_fit)


def _reason(criterion: Criterion, answers: Answers, settings: AdviceSettings) -> Reason:
    label = settings.say(f"criterion.{criterion}")
    if criterion == "accounts":
        assert answers.accounts is not None
        methods = methods_for(answers.accounts, settings.thresholds)
        key = methods[0] if len(methods) == 1 else "both"
        filled = {"accounts": f"{answers.accounts:,}"} if key == "both" else {}
        return Reason(criterion, label, methods, settings.say(f"because.accounts.{key}", **filled))
    chosen = f"{criterion}.{getattr(answers, criterion)}"
    return Reason(criterion, label, FITS[chosen], settings.say(f"because.{chosen}"))
