"""Saying what a program reads: a new version of its grant, and people who are withheld from it.

Each takes a stamp, so that every record whose picture changes is later to the program than all that it has seen.
"""

import datetime as dt
from dataclasses import dataclass

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.locks import lock, lock_view
from firstbell.domain.districts.models import District
from firstbell.domain.districts.stamps import take_stamps
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.roster.models import AcademicSession, Org, User
from firstbell.domain.sharing.models import ApiClient, Grant, Withheld
from firstbell.domain.sharing.presets import HIDDEN, HIDEABLE, Bounds, Preset, Wish
from firstbell.domain.sharing.preview import people_shown
from firstbell.domain.sharing.showing import bounds_of, forget_shown, remember_everything
from firstbell.engine.vocabulary import VOCABULARIES

FEW = 20
"""So many people may leave a program's sight without a question."""
PART = 10
"""Or one of so many."""
AGREEMENT_MOST = 1_000
REASON_MOST = 300


class BadGrant(Exception):
    """A grant cannot be like this; the text says why."""


class TakesMany(Exception):
    """The grant takes many people out of the program's sight: somebody has to say that this is meant."""

    def __init__(self, gone: int, of: int) -> None:
        super().__init__(f"{gone:,} of {of:,} people would be told to this program as deleted.")
        self.gone, self.of = gone, of


@dataclass(frozen=True, slots=True)
class Change:
    """What a grant would change for a program: how many people it sees now, and how many of them go."""

    people_now: int
    gone: int

    @property
    def takes_many(self) -> bool:
        """More people than a slip of the hand should take away."""
        return self.gone > FEW and self.gone * PART > self.people_now


def find_grant(client: ApiClient) -> Grant | None:
    """The grant that holds; None where the program reads everything that its scopes open."""
    with within(client.district):
        return Grant.objects.filter(district_id=client.district_id, client=client, version=client.grant_version).first()


def list_grants(client: ApiClient) -> list[Grant]:
    """All versions, the newest first."""
    with within(client.district):
        return list(Grant.objects.filter(district_id=client.district_id, client=client).order_by("-version"))


def weigh(client: ApiClient, wish: Wish) -> Change:
    """What this grant would change. Raises BadGrant."""
    with within(client.district):
        _ensure_good(client, wish)
        before = people_shown(client, bounds_of(client))
        after = people_shown(client, wish.bounds)
        return Change(len(before), len(before - after))


def set_grant(client: ApiClient, wish: Wish, *, by: Actor, is_sure: bool = False) -> Grant:
    """Let the program read this from its next question on. Raises BadGrant, and TakesMany where nobody is sure."""
    with within(client.district):
        lock(client.district)
        client = _locked(client)
        change = weigh(client, wish)
        if change.takes_many and not is_sure and client.last_used_at is not None:
            raise TakesMany(change.gone, change.people_now)
        stamp = take_stamps(client.district, 1)
        grant = Grant.objects.create(
            district_id=client.district_id,
            client=client,
            version=client.grant_version + 1,
            preset=wish.preset,
            schools=wish.schools,
            grades=wish.grades,
            terms=wish.terms,
            roles=wish.roles,
            hidden=sorted(wish.hidden),
            begins=wish.begins,
            ends=wish.ends,
            agreement=wish.agreement.strip(),
            stamp=stamp,
            made_by=by.name,
        )
        client.grant_version, client.floor = grant.version, stamp
        client.hidden, client.begins, client.ends = sorted(wish.all_hidden), wish.begins, wish.ends
        _settle(client, wish.bounds, stamp)
        _tell(client, grant, change, by)
    return grant


def withhold(district: District, user_id: int, client: ApiClient | None, reason: str, *, by: Actor) -> None:
    """Tell a program, or none, nothing of this person any more. Twice is once. Raises BadGrant."""
    reason = reason.strip()
    if not reason or len(reason) > REASON_MOST:
        raise BadGrant(f"Say why, in at most {REASON_MOST} characters.")
    with within(district):
        lock(district)
        if not User.objects.filter(district_id=district.pk, id=user_id).exists():
            raise BadGrant("This person is not on the roster.")
        _, is_new = Withheld.objects.get_or_create(
            district_id=district.pk, user_id=user_id, client=client, defaults={"reason": reason, "made_by": by.name}
        )
        if is_new:
            _follow(district, "user.withheld", user_id, client, by, reason)


def tell_again(district: District, user_id: int, client: ApiClient | None, *, by: Actor) -> None:
    """The person is told to the program again, where its grant has them."""
    with within(district):
        lock(district)
        gone, _ = Withheld.objects.filter(district_id=district.pk, user_id=user_id, client=client).delete()
        if gone:
            _follow(district, "user.told_again", user_id, client, by, "")


def list_withheld(district: District, user_id: int) -> list[Withheld]:
    """From which programs the person is withheld."""
    with within(district):
        found = Withheld.objects.filter(district_id=district.pk, user_id=user_id).select_related("client")
        return list(found.order_by("client_id"))


def find_withheld(district: District, user_id: int, withheld_id: int) -> Withheld:
    """One of them. Raises NotThere."""
    for one in list_withheld(district, user_id):
        if one.pk == withheld_id:
            return one
    raise NotThere(withheld_id)


def settle_new(client: ApiClient) -> None:
    """A program that was let in a moment ago: people may be withheld from all programs. Within the wall."""
    _settle(client, Bounds(), 0)


def _follow(district: District, verb: str, user_id: int, client: ApiClient | None, by: Actor, reason: str) -> None:
    stamp = take_stamps(district, 1)
    programs = ApiClient.objects.filter(district=district, revoked_at=None).order_by("pk")
    for program in [client] if client else programs:
        locked = _locked(program)
        _settle(locked, bounds_of(locked), stamp)
    detail = {"program": client.name if client else "all programs", **({"reason": reason} if reason else {})}
    record(district.pk, verb, by=by, subject_kind="user", subject_id=user_id, detail=detail)


def _locked(client: ApiClient) -> ApiClient:
    """The program as it is now; it gets no token, and nothing is brought up for it, until the transaction ends."""
    lock_view(client.district, client.pk)
    return ApiClient.objects.select_for_update(of=("self",)).select_related("district").get(pk=client.pk)


def _settle(client: ApiClient, bounds: Bounds, stamp: int) -> None:
    """Whether the program sees a part only, and what is kept of what it sees."""
    withheld = Withheld.objects.filter(district_id=client.district_id)
    is_limited = not bounds.are_none or withheld.filter(client=client).exists() or withheld.filter(client=None).exists()
    if is_limited and not client.is_limited and client.last_used_at is not None:
        remember_everything(client)
    if client.is_limited and not is_limited:
        forget_shown(client)
        client.floor = stamp
    client.is_limited, client.is_anonymous, client.shown_as_of = is_limited, bounds.is_anonymous, -1
    client.save()


def _ensure_good(client: ApiClient, wish: Wish) -> None:
    """Raise BadGrant with what has to be mended."""
    limits = (wish.schools, wish.grades, wish.terms, wish.roles)
    if any(limit == () for limit in limits):
        raise BadGrant("Choose at least one school, grade, term and role, or all.")
    district_id = client.district_id
    for model, ids, named in ((Org, wish.schools, "school"), (AcademicSession, wish.terms, "term")):
        there = model._default_manager.filter(district_id=district_id, removed_at=None, id__in=ids or ())
        if there.count() != len(set(ids or ())):
            raise BadGrant(f"A {named} is not on the roster any more: choose again.")
    if unknown := sorted(set(wish.roles or ()) - set(VOCABULARIES["userRole"].all_words)):
        raise BadGrant(f"There is no role {unknown[0]}.")
    if unknown := sorted(wish.hidden - set(HIDEABLE) - HIDDEN[wish.preset]):
        raise BadGrant(f"There is no field {unknown[0]} that can be hidden.")
    if wish.begins and wish.ends and wish.ends < wish.begins:
        raise BadGrant("The grant ends before it begins.")
    if len(wish.agreement) > AGREEMENT_MOST:
        raise BadGrant(f"Tell of the agreement in at most {AGREEMENT_MOST:,} characters.")
    if client.last_used_at is not None and client.is_anonymous != (wish.preset is Preset.ANONYMOUS):
        raise BadGrant("A program that has read by one kind of ids cannot go on by another: let it in anew.")


def _tell(client: ApiClient, grant: Grant, change: Change, by: Actor) -> None:
    def day(at: dt.date | None) -> str | None:
        return at.isoformat() if at else None

    detail = {
        "name": client.name,
        "version": grant.version,
        "preset": grant.preset,
        "schools": grant.schools,
        "grades": grant.grades,
        "terms": grant.terms,
        "roles": grant.roles,
        "hidden": client.hidden,
        "begins": day(grant.begins),
        "ends": day(grant.ends),
        "agreement": grant.agreement,
        "people_gone": change.gone,
    }
    record(client.district_id, "client.granted", by=by, subject_kind="client", subject_id=client.pk, detail=detail)
