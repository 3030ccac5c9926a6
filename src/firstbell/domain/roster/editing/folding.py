"""What hangs on a row comes to another: a place that both have is one, and sources find it under their own ids."""

from collections.abc import Sequence
from datetime import date

from firstbell.domain.roster.columns import KINDS, MODELS
from firstbell.domain.roster.editing.act import Act
from firstbell.domain.roster.editing.moved import Moved, MovedOwner, MovedRecord
from firstbell.domain.roster.editing.rows import live_row
from firstbell.domain.roster.editing.values import Texts, text_of, texts_of
from firstbell.domain.roster.models import Demographics, Enrollment, Record, Role, Row, User, UserProfile
from firstbell.engine.tables import TABLES

PRIMARY, SECONDARY = "primary", "secondary"


def fold(doing: Act, table: str, kept: Row, gone: Row, texts: Texts, moved: Moved) -> None:
    """One row stands for two: it takes these texts, the other's records lead to it, and the other is removed."""
    _take_over(doing, table, kept, gone, moved)
    doing.update(table, kept, texts)
    doing.remove(table, [gone])


def move_hanging(doing: Act, kept_id: int, gone_id: int, moved: Moved) -> None:
    """Roles, places, profiles and demographics of one person come to another."""
    _move_roles(doing, kept_id, gone_id, moved)
    _move_places(doing, kept_id, gone_id, moved)
    for profile in UserProfile.objects.filter(district_id=doing.district.pk, user_id=gone_id, removed_at=None):
        doing.update("userProfiles", profile, {"userSourcedId": str(kept_id)})
    _move_demographics(doing, kept_id, gone_id, moved)


def move_relatives(doing: Act, kept_id: int, gone_id: int) -> None:
    """Who was related to one of the two is related to the one who stays."""
    related = User.objects.filter(district_id=doing.district.pk, agent_ids__contains=[gone_id]).exclude(id=gone_id)
    for person in related:
        agents = [kept_id if agent == gone_id else agent for agent in person.agent_ids or ()]
        others = [agent for agent in dict.fromkeys(agents) if agent != person.id]
        doing.update("users", person, {"agentSourcedIds": text_of(others)})


def _move_roles(doing: Act, kept_id: int, gone_id: int, moved: Moved) -> None:
    roles = Role.objects.filter(district_id=doing.district.pk, removed_at=None).order_by("id")
    for role in roles.filter(user_id=gone_id):
        held = roles.filter(user_id=kept_id, org_id=role.org_id)
        alike = _standing(list(held.filter(role=role.role)), role, doing.at.date())
        if alike is not None:
            fold(doing, "roles", alike, role, _of_source(alike, role, {"userSourcedId": str(kept_id)}), moved)
            continue
        texts: Texts = {"userSourcedId": str(kept_id)}
        if role.source_id is None and held.filter(role_type=PRIMARY).exists():
            texts["roleType"] = SECONDARY
        doing.update("roles", role, texts)


def _move_places(doing: Act, kept_id: int, gone_id: int, moved: Moved) -> None:
    places = Enrollment.objects.filter(district_id=doing.district.pk, removed_at=None).order_by("id")
    for place in places.filter(user_id=gone_id):
        held = places.filter(user_id=kept_id, class_id=place.class_id, role=place.role)
        alike = _standing(list(held), place, doing.at.date())
        whose: Texts = {"userSourcedId": str(kept_id)}
        if alike is None:
            doing.update("enrollments", place, whose)
            continue
        texts = _of_source(alike, place, whose)
        if not texts and place.primary and alike.source_id is None:
            texts = {"primary": "true"}
        fold(doing, "enrollments", alike, place, texts, moved)


def _standing[R: Role | Enrollment](held: Sequence[R], row: R, today: date) -> R | None:
    """The row that says the same already. One that is over does not stand for one that goes on."""
    going_on = row.end_date is None or row.end_date > today
    for alike in held:
        if not going_on or alike.end_date is None or alike.end_date > today:
            return alike
    return None


def _of_source(kept: Row, gone: Row, whose: Texts) -> Texts:
    """What a row of nobody takes over from a source's row that says the same: all of it."""
    if kept.source_id is not None or gone.source_id is None:
        return {}
    table = TABLES["roles" if isinstance(gone, Role) else "enrollments"]
    return {**texts_of(table, gone), **whose}


def _move_demographics(doing: Act, kept_id: int, gone_id: int, moved: Moved) -> None:
    """What families reported of both. Blanks are filled; where a source keeps one of the two, it is the source's."""
    known = Demographics.objects.filter(district_id=doing.district.pk, removed_at=None)
    kept, gone = known.filter(id=kept_id).first(), known.filter(id=gone_id).first()
    if gone is None:
        return
    table = TABLES["demographics"]
    told = texts_of(table, gone)
    if kept is None:
        fold(doing, "demographics", _demographics_for(doing, kept_id, told), gone, {}, moved)
        return
    here = texts_of(table, kept)
    if kept.source_id is not None:
        texts: Texts = {}
    elif gone.source_id is not None:
        texts = told
    else:
        texts = {name: text for name, text in told.items() if here[name] is None and text is not None}
    fold(doing, "demographics", kept, gone, texts, moved)


def _demographics_for(doing: Act, person_id: int, told: Texts) -> Row:
    """A row for who has none yet, or the one that was removed once."""
    was = doing.row("demographics", person_id)
    if was is None:
        doing.add("demographics", told, row_id=person_id)
    else:
        doing.restore("demographics", [was])
        doing.update("demographics", live_row(doing, "demographics", person_id), told)
    return live_row(doing, "demographics", person_id)


def _take_over(doing: Act, table: str, kept: Row, gone: Row, moved: Moved) -> None:
    """Records lead to the row that stays, and a row of nobody becomes the other's source's.

    A source's second record of its own row keeps its hash: nothing changes until the source says something else. What
    another source said is compared field by field with its next file.
    """
    adopts = kept.source_id is None and gone.source_id is not None
    district = doing.district
    for record in Record.objects.filter(district_id=district.pk, kind=KINDS[table], row_id=gone.id):
        blanks = record.source_id != kept.source_id
        moved.records.append(
            MovedRecord(
                record.source_id,
                record.kind,
                record.source_key,
                gone.id,
                kept.id,
                record.hash_high,
                record.hash_low,
                record.present,
                blanks,
            )
        )
        hashes = {"hash_high": None, "hash_low": None} if blanks else {}
        Record.objects.filter(pk=record.pk).update(row_id=kept.id, **hashes)
    if adopts:
        MODELS[table]._default_manager.filter(district_id=district.pk, id=kept.id).update(source_id=gone.source_id)
        moved.owners.append(MovedOwner(table, kept.id, None, gone.source_id))
