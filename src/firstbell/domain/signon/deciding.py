"""Whether somebody may come in by what their identity provider says of them, or why not.

Nobody is made here. Each refusal is a sentence for an administrator, with what can be done; it names nobody, since the
row beside it does, and can be erased.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone

from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import is_here
from firstbell.domain.roster.models import Role, User
from firstbell.domain.roster.queries.merged import survivor_of
from firstbell.domain.signon.matching import STUDENT, find_people
from firstbell.domain.signon.models import Connection, Key, Serves, Tie
from firstbell.domain.signon.presets import PIN, PIN_CLAIM, PRESETS, Protocol
from firstbell.engine.vocabulary import STAFF_ROLES

RECYCLED: Final = frozenset({Key.EMAIL, Key.USERNAME})
"""What a school gives to somebody else one day: there the provider's own name for the log-in has to stay the same."""
LONGEST: Final = 200
YES: Final = ("true", "1", "yes")

type Claims = Mapping[str, object]
"""What a provider said of somebody, checked: by its own names."""


class Refusal(Exception):
    """Somebody cannot come in. ``says`` why and ``remedy`` what to do are an administrator's to read."""

    another_subject = ""
    """The provider's log-in that was another's until now, or that the person came without."""

    def __init__(self, says: str, remedy: str, *, value: str = "", person_id: int | None = None) -> None:
        super().__init__(says)
        self.says, self.remedy, self.value, self.person_id = says, remedy, value[:LONGEST], person_id


class AnotherLogIn(Refusal):
    """Somebody would come in as another than the provider's log-in has been. A person can allow it."""


@dataclass(frozen=True, slots=True)
class Found:
    """The person on the roster."""

    person: User
    is_student: bool
    value: str
    subject: str
    roles: frozenset[str]


def decide(district: District, connection: Connection, claims: Claims, subject: str, *, now: datetime) -> Found:
    """The person whom these claims are of, where they may come in. Raises Refusal."""
    _ensure_pinned(connection, claims)
    value = _value(connection, claims)
    subject = subject or value  # a provider may call people otherwise each time
    with within(district):
        person = _only_one(district, connection, value, now=now)
        try:
            roles = _ensure_served(district, connection, person)
            _ensure_same_log_in(district, connection, person, subject)
        except Refusal as refusal:
            refusal.value, refusal.person_id = value, person.id
            refusal.another_subject = subject if isinstance(refusal, AnotherLogIn) else ""
            raise
    return Found(person, not roles & STAFF_ROLES, value, subject, roles)


def text_of(said: object) -> str:
    """A claim as text; the only one of a list. Blank for anything else, and for what no database takes."""
    if isinstance(said, list) and len(said) == 1:
        return text_of(said[0])
    if isinstance(said, bool) or not isinstance(said, str | int):
        return ""
    text = str(said).strip()
    return "" if "\0" in text else text


def _ensure_pinned(connection: Connection, claims: Claims) -> None:
    claim = PRESETS[connection.preset].pin_claim or str(connection.settings.get(PIN_CLAIM, ""))
    if not claim:
        return
    wanted, said = str(connection.settings.get(PIN, "")), text_of(claims.get(claim))
    if not wanted or said.casefold() != wanted.casefold():
        whose = f"says “{said[:80]}”" if said else "is missing"
        raise Refusal(
            f"It is a log-in of another organization: {claim} {whose}, and has to be “{wanted}”.",
            "Sign in with the school’s account. If it is, correct the value on the connection.",
        )


def _value(connection: Connection, claims: Claims) -> str:
    value = text_of(claims.get(connection.claim))
    if not value:
        raise Refusal(
            f"The provider sent no {connection.claim}.",
            "Have it release that claim to Firstbell, or choose another key on the connection.",
        )
    if len(value) > LONGEST:
        raise Refusal(f"What the provider sent as {connection.claim} is too long to be a key.", "Choose another claim.")
    if connection.key == Key.EMAIL:
        _ensure_own_address(connection, claims, value)
    return value


def _ensure_own_address(connection: Connection, claims: Claims, value: str) -> None:
    """An address is proof only where the provider has checked it, and where it is the district who gives it."""
    verified = claims.get("email_verified", claims.get("xms_edov"))
    if PRESETS[connection.preset].protocol == Protocol.SAML:
        verified = (
            True  # SAML has no word for it: the metadata is of the district's own provider, which gives addresses
        )
    if not (verified is True or text_of(verified).casefold() in YES):
        raise Refusal(
            "The provider does not say that it has verified this address.",
            "Have it send email_verified (Microsoft: xms_edov), or choose another key on the connection.",
            value=value,
        )
    if value.rpartition("@")[2].lower() not in connection.email_domains:
        raise Refusal(
            "The address is of a domain that is not the district’s.",
            "Sign in with the school’s account. If the domain is the district’s, add it to the connection.",
            value=value,
        )


def _only_one(district: District, connection: Connection, value: str, *, now: datetime) -> User:
    people = find_people(district, connection, value)
    here = [person for person in people if is_here(district, person, now=now)]
    what = Key(connection.key).label
    if len(here) > 1:
        raise Refusal(
            f"{len(here)} people on the roster have it, so it says of nobody who they are.",
            "Correct it in the SIS: a key is one person’s. Merge them if they are one.",
            value=value,
        )
    if not here and people:
        left = max(person.removed_at for person in people if person.removed_at)
        raise Refusal(
            f"This person left the roster on {timezone.localtime(left):%-d %B %Y}.",
            "If they are still in the district, put them back in the SIS; the next run restores them as they were.",
            value=value,
            person_id=people[-1].id,
        )
    if not here:
        raise Refusal(
            "Nobody on the roster has it.",
            f"Look the person up: what they have as “{what}” has to be exactly what the provider sent.",
            value=value,
        )
    if here[0].enabled_user is False:
        raise Refusal(
            "This person is switched off on the roster (enabledUser is false).",
            "Switch them on in the SIS.",
            value=value,
            person_id=here[0].id,
        )
    return here[0]


def _ensure_served(district: District, connection: Connection, person: User) -> frozenset[str]:
    """The person's roles. Raises Refusal where the connection is not for them."""
    held = list(Role.objects.filter(district_id=district.pk, user_id=person.id).values("role", "org_id", "removed_at"))
    current = [one for one in held if one["removed_at"] is None] or (held if person.removed_at else [])
    roles = frozenset(str(one["role"]) for one in current)
    is_staff, is_student = bool(roles & STAFF_ROLES), STUDENT in roles
    if not is_staff and not is_student:
        raise Refusal("This person is neither a student nor staff on the roster.", "Give them a role in the SIS.")
    if connection.serves == Serves.STUDENTS and is_staff:
        raise Refusal("This connection is for students, and this person is staff.", "Use the connection for staff.")
    if connection.serves == Serves.STAFF and not is_staff:
        raise Refusal("This connection is for staff, and this person is a student.", "Use the one for students.")
    if connection.school_ids and not {one["org_id"] for one in current} & set(connection.school_ids):
        raise Refusal(
            "This person’s school does not use this connection yet.",
            "Add the school on the connection when it is its turn. Until then they sign in as before.",
        )
    return roles


def _ensure_same_log_in(district: District, connection: Connection, person: User, subject: str) -> None:
    """A log-in that was somebody else's is refused; a new one only where the key is one that schools give away."""
    ties = Tie.objects.filter(district_id=district.pk, connection_id=connection.pk)
    whose = ties.filter(subject=subject).values_list("person_id", flat=True).first()
    if whose is not None and survivor_of(district, whose) != person.id:
        raise AnotherLogIn(
            "This log-in of the provider was somebody else’s until now.",
            "If the provider renamed it to this person, let them come with it; if not, look who has their address.",
        )
    before = ties.filter(person_id=person.id).values_list("subject", flat=True).first()
    if before is not None and before != subject and Key(connection.key) in RECYCLED:
        raise AnotherLogIn(
            "Until now this person came with another log-in of the provider.",
            "If the provider gave them a new one, let them come with it; if not, somebody has got their address.",
        )
