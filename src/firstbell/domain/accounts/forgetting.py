"""Forgetting somebody who is erased from the roster: what they signed in with, and what they were in the district."""

from firstbell.domain.accounts.actions import remove_credential
from firstbell.domain.accounts.models import Invitation, Membership, Role
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

IN_BY_THE_ROSTER = frozenset({Role.TEACHER, Role.STUDENT})
"""Who is in the district because of their person on its roster, and out when that person leaves it."""


def forget_person(district: District, user_id: int, *, by: Actor) -> None:
    """Nobody signs in as this person any more, and nobody is tied to them.

    An adult's own account stays theirs. A teacher's membership ends; an administrator stays one, so that somebody is
    there after a broken export.
    """
    with within(district):
        remove_credential(district, user_id, by=by)
        Invitation.objects.filter(district=district, person_id=user_id).delete()
        for membership in Membership.objects.filter(district=district, person_id=user_id):
            if membership.role not in IN_BY_THE_ROSTER:
                continue
            detail = {"role": membership.role}
            whose = membership.account_id
            record(district.pk, "membership.taken", by=by, subject_kind="account", subject_id=whose, detail=detail)
            membership.delete()
        Membership.objects.filter(district=district, person_id=user_id).update(person_id=None)
