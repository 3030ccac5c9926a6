"""What a look at an installation finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that has to be so. ``remedy`` where it is not."""

    name: str
    good: bool
    says: str
    remedy: str = ""
