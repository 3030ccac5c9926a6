"""Who does something: an account, the operator at the command line, the system by itself, or a program by the API."""

from dataclasses import dataclass
from typing import Literal

type ActorKind = Literal["account", "operator", "system", "api"]


@dataclass(frozen=True)
class Actor:
    """The one whom an event names. `id` is opaque, `name` is what people read, as it was at the time."""

    kind: ActorKind
    id: str
    name: str


OPERATOR = Actor("operator", "operator", "Operator")
SYSTEM = Actor("system", "system", "Firstbell")
