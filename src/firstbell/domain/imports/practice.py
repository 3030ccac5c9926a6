"""A practice space: a district of made-up people beside the real one, to try everything in. It comes and goes at once.

It is a district of its own, behind the wall of its own, so nothing that is done in it can touch the real one.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction

from firstbell.domain.accounts.actions import forget_members, give_membership
from firstbell.domain.accounts.models import Account, Role
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.actions import LONGEST_CODE, add_district
from firstbell.domain.districts.emptying import NotPractice, erase_practice
from firstbell.domain.districts.models import District, Method
from firstbell.domain.districts.queries import find_district, find_practice
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import files_of
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.models import Run, RunState
from firstbell.domain.imports.queueing import fill_later
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.letting_go import let_go
from firstbell.domain.roster.models import Source, User
from firstbell.domain.roster.sources import add_source
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

STUDENTS, SEED = 60, 5
MADE_UP = "Made-up people"


class CannotPractise(Exception):
    """A practice space has no practice space."""


def practice_code(district: District) -> str:
    """The site code of a district's practice space: the one that it has, or one that is free."""
    found = find_practice(district)
    if found is not None:
        return found.code
    return next(code for code in _codes(district.code) if find_district(code) is None)


def begin_practice(district: District, account: Account, *, code: str, by: Actor) -> District:
    """The practice space of a district, which a worker fills with made-up people; this account is administrator there.

    Whoever comes while it is there joins it. Raises CannotPractise and BadDistrict.
    """
    if district.is_practice:
        raise CannotPractise(district.pk)
    with transaction.atomic():
        District.objects.select_for_update().get(pk=district.pk)  # two who begin it at once make one
        found = find_practice(district)
        practice = found or _open(district, code, by=by)
        give_membership(practice, account, Role.DISTRICT_ADMINISTRATOR, by=by)
        if found is None:
            fill_later(practice, by=by)
    return practice


def is_being_filled(practice: District) -> bool:
    """Whether the made-up people are still to come."""
    if not practice.is_practice:
        return False
    with within(practice):
        return not Run.objects.filter(district_id=practice.pk, state=RunState.APPLIED).exists()


def end_practice(district: District, *, by: Actor) -> bool:
    """Take the practice space of a district away, people, log-ins, files and all; False where there is none."""
    with transaction.atomic():
        District.objects.select_for_update().get(pk=district.pk)
        practice = find_practice(district)
        if practice is None:
            return False
        if practice.practice_of_id != district.pk:
            raise NotPractice(practice.pk)
        with within(practice):
            forget_members(practice)
            erase_practice(practice)
    with within(district):
        record(district.pk, "practice.ended", by=by, subject_kind="district", subject_id=district.pk)
    for name in files_of(practice):
        default_storage.delete(name)
    return True


def _open(district: District, code: str, *, by: Actor) -> District:
    practice = add_district(
        code, f"Practice: {district.name}"[:200], by=by, method=Method.SELF_MANAGED, time_zone=district.time_zone
    )
    practice.practice_of = district
    practice.lets_staff_in = False
    practice.save(update_fields=["practice_of", "lets_staff_in"])
    return practice


def fill(practice: District, *, by: Actor) -> None:
    """By the main path, as any roster comes; then the source lets go, so that everything can be changed by hand.

    A worker's part. Once: what died half way is begun anew, and what is done stays as people have changed it.
    """
    source = _source(practice, by=by)
    if is_being_filled(practice):
        _bring(practice, source, by=by)
    with within(practice):
        is_locked = User.objects.filter(district_id=practice.pk, source_id=source.pk).exists()
    if is_locked:
        let_go(practice, source, by=by)


def _bring(practice: District, source: Source, *, by: Actor) -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "made-up.zip"
        write(sample(STUDENTS, seed=SEED), package, version="1.2")
        run = carry_out(practice, receive_path(practice, source, package, by=by))
    if run.state != RunState.APPLIED:
        raise RuntimeError(f"The practice space was not filled: {run.message}")


def _source(practice: District, *, by: Actor) -> Source:
    with within(practice):
        found = Source.objects.filter(district_id=practice.pk, name=MADE_UP).first()
    return found or add_source(practice, MADE_UP, by=by)


def _codes(code: str) -> Iterator[str]:
    base = f"practice-{code}"[: LONGEST_CODE - 8].strip("-")
    yield base
    number = 1
    while True:
        number += 1
        yield f"{base}-{number}"
