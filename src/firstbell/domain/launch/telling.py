"""What a program is told of somebody who opens it: what it reads of them by OneRoster, and nothing else.

The claims are made of the very record that the program would get, by the same statement: bounds, hidden fields and
pseudonyms are the grant's, and each time is in the log of what was read.
"""

import json
from collections.abc import Collection
from typing import Any, Final

from firstbell.domain.accounts.models import Account, Membership
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.launch.models import Launch
from firstbell.domain.launch.queries import roles_of, serves
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.models import User
from firstbell.domain.sharing.access import NotGranted, ensure_granted, sight_of
from firstbell.domain.sharing.models import ApiClient, Shown
from firstbell.domain.sharing.oneroster.asking import Question
from firstbell.domain.sharing.oneroster.collection import COLLECTIONS
from firstbell.domain.sharing.oneroster.moment import (
    Asker,
    GrantChanged,
    disclose,
    ensure_of_now,
    known_of,
    of_one_moment,
    run,
)
from firstbell.domain.sharing.oneroster.shadow import Seen
from firstbell.domain.sharing.oneroster.statement import one_statement
from firstbell.domain.sharing.oneroster.version import Version

TRIES: Final = 3
OPENID, PROFILE, EMAIL = "openid", "profile", "email"
SCOPES: Final = (OPENID, PROFILE, EMAIL)
NAMED: Final = {
    "given_name": "givenName",
    "family_name": "familyName",
    "middle_name": "middleName",
    "preferred_username": "username",
}
"""Claims of OpenID Connect (5.1) by the members of OneRoster that they are made of."""


class NotOpen(Exception):
    """Somebody cannot open a program; the text says why, for them."""


def ensure_open(launch: Launch, account: Account) -> None:
    """Raise NotOpen unless this account can open the program now. Nothing is told to it by asking."""
    _record(launch, account, asked="")


def claims_of(launch: Launch, account: Account, scopes: Collection[str], *, asked: str) -> dict[str, Any]:
    """What the program is told of who has this account: written down as read, as ``asked``. Raises NotOpen."""
    record = _record(launch, account, asked=asked)
    claims: dict[str, Any] = {"sub": record["sourcedId"], "district": launch.program.district.code}
    roles = record.get("roles") or []
    claims["roles"] = sorted({str(role["role"]) for role in roles})
    claims["orgs"] = sorted({str(role["org"]["sourcedId"]) for role in roles})
    if record.get("grades"):
        claims["grades"] = record["grades"]
    if PROFILE in scopes:
        claims |= {claim: record[member] for claim, member in NAMED.items() if record.get(member)}
        claims["name"] = " ".join(str(record[one]) for one in ("givenName", "familyName") if record.get(one))
    if EMAIL in scopes and record.get("email"):
        # What stands on the roster was typed by somebody: nobody has proved that it is read by them.
        claims |= {"email": record["email"], "email_verified": False}
    return claims


def _record(launch: Launch, account: Account, *, asked: str) -> dict[str, Any]:
    """The person's record (OneRoster 1.2) as the program reads it."""
    program, district = launch.program, launch.program.district
    if not account.is_active:
        raise NotOpen("This account is closed.")
    person_id = _person_of(district, account)
    with within(district):
        if not serves(launch, roles_of(district, person_id)):
            raise NotOpen(f"{program.name} is not for you.")
        for _ in range(TRIES):
            program = ApiClient.objects.select_related("district").get(pk=program.pk)
            try:
                ensure_granted(program)
                return _read(program, person_id, asked)
            except NotGranted:
                raise NotOpen(f"Your district does not share its roster with {program.name} now.") from None
            except GrantChanged:
                continue
    raise NotOpen("Try again in a moment.")


def _read(program: ApiClient, person_id: int, asked: str) -> dict[str, Any]:
    district, sight = program.district, sight_of(program)
    asker = Asker(program.pk, district, district.last_stamp, "", sight)
    question = Question(Version.V1P2, COLLECTIONS["users"], sight=sight)

    def look() -> dict[str, Any] | None:
        called = _called(program, person_id, sight.seen)
        rows = run(one_statement(question, known_of(asker), called)) if called else []
        ensure_of_now(asker, rows)
        if asked and rows:
            disclose(asker, "users", asked, rows)
        found: dict[str, Any] | None = json.loads(rows[0].json) if rows else None
        return found

    record = of_one_moment(asker, look)
    if record is None or record.get("status") != "active":
        raise NotOpen(f"Your district does not tell {program.name} of you.")
    return record


def _called(program: ApiClient, person_id: int, seen: Seen) -> str | None:
    """The id by which the program knows somebody: for life the same, and where it is told no names, only its own."""
    whose = {"district_id": program.district_id}
    if seen is Seen.WHOLE:
        return User.objects.filter(**whose, id=person_id).values_list("sourced_id", flat=True).first()
    shown = Shown.objects.filter(**whose, client_id=program.pk, kind=KINDS["users"], row_id=person_id, is_shown=True)
    return shown.values_list("sourced_id", flat=True).first()


def _person_of(district: District, account: Account) -> int:
    """Who on the roster an account is. Who only works for the vendor, or on the roster of nobody, is none."""
    tied = Membership.objects.filter(district=district, account=account, person_id__isnull=False)
    people = set(tied.values_list("person_id", flat=True))
    if len(people) != 1:
        raise NotOpen("Your account is of nobody on this district’s roster, and programs know people by that.")
    (person_id,) = people
    assert person_id is not None
    return person_id
