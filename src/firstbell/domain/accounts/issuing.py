"""Gives several people new passwords at once, to be handed over on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from firstbell.domain.accounts.actions import UsernameTaken, set_credential
from firstbell.domain.accounts.bands import length_for
from firstbell.domain.accounts.models import Credential, Role
from firstbell.domain.accounts.passphrases import new_password
from firstbell.domain.accounts.usernames import username_key
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

MOST_SUFFIXES = 1000


@dataclass(frozen=True, slots=True)
class Bearer:
    """A student who gets a card. ``username`` is the roster's; ``proposed`` what it may be where that is blank."""

    user_id: int
    name: str
    username: str
    proposed: str
    grades: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issued:
    """A log-in as it stands on the card. The password is nowhere else."""

    user_id: int
    username: str
    password: str


def usernames_of(district: District, bearers: Sequence[Bearer]) -> dict[int, str]:
    """With which usernames these people sign in by now; without those who have no password yet."""
    with within(district):
        found = Credential.objects.filter(district=district, user_id__in=[bearer.user_id for bearer in bearers])
        return dict(found.values_list("user_id", "username"))


def issue_passwords(district: District, bearers: Sequence[Bearer], *, by: Actor) -> list[Issued]:
    """New passwords for all of them, or for none; those that they had end, and who is signed in with one is out.

    Raises UsernameTaken where somebody else has the roster's username of one of them.
    """
    with within(district):
        present = usernames_of(district, bearers)
        return [_issue(district, bearer, present.get(bearer.user_id, ""), by=by) for bearer in bearers]


def _issue(district: District, bearer: Bearer, present: str, *, by: Actor) -> Issued:
    username = present or bearer.username or _free(district, bearer.proposed)
    password = new_password(length_for(district, bearer.grades))
    set_credential(
        district, bearer.user_id, username, password, by=by, name=bearer.name, role=Role.STUDENT, grades=bearer.grades
    )
    return Issued(bearer.user_id, username, password)


def _free(district: District, proposed: str) -> str:
    """The proposed username, or the first with a number behind it, that nobody in the district signs in with."""
    taken = Credential.objects.filter(district=district)
    for candidate in _numbered(proposed):
        if not taken.filter(username_key=username_key(candidate)).exists():
            return candidate
    raise UsernameTaken


def _numbered(proposed: str) -> Iterable[str]:
    yield proposed
    yield from (f"{proposed}{number}" for number in range(2, MOST_SUFFIXES))
