"""Undoing a merge, beside the fields: records lead where they led, log-ins go back, and the two are two again."""

from firstbell.domain.accounts.exchanging import Ties, exchange_sign_ins, tie_to, ties_of
from firstbell.domain.districts.models import District
from firstbell.domain.roster.columns import KINDS, MODELS
from firstbell.domain.roster.editing.editor import Editor, ensure_person
from firstbell.domain.roster.editing.moved import Moved, MovedRecord, read_moved
from firstbell.domain.roster.editing.refusals import Refused
from firstbell.domain.roster.models import KeptField, Merge, Record
from firstbell.engine.tables import TABLES

TABLE_OF = {kind: table for table, kind in KINDS.items()}


def ensure_can_part(district: District, merge: Merge, *, by: Editor) -> None:
    """Raises Refused where the person went on into another row, NotThere and NotAllowed for who may not change them."""
    if Merge.objects.filter(district_id=district.pk, gone_id=merge.kept_id).exists():
        raise Refused("This person was merged once more since. Undo that first.")
    ensure_person(district, by, merge.kept_id)


def part(district: District, merge: Merge) -> list[str]:
    """Take back what went over with a merge; tells what had to stay as it is, a sentence each."""
    moved = read_moved(merge.moved)
    conflicts = [sentence for record in moved.records for sentence in _lead_back(district, record)]
    for owner in moved.owners:
        rows = MODELS[owner.table]._default_manager.filter(district_id=district.pk, id=owner.row)
        rows.filter(source_id=owner.after).update(source_id=owner.before)
    kept = KeptField.objects.filter(district_id=district.pk, kind=KINDS["users"], row_id=merge.kept_id)
    kept.filter(column__in=moved.kept_fields).delete()
    _part_log_ins(district, merge, moved)
    merge.delete()
    return conflicts


def _part_log_ins(district: District, merge: Merge, moved: Moved) -> None:
    if moved.exchanged:
        exchange_sign_ins(district, merge.kept_id, merge.gone_id)
    now = ties_of(district, merge.kept_id)
    back = Ties(
        [pk for pk in now.memberships if pk in moved.memberships],
        [pk for pk in now.invitations if pk in moved.invitations],
    )
    tie_to(district, merge.gone_id, back)


def _lead_back(district: District, moved: MovedRecord) -> list[str]:
    """A record leads to its old row again. What its source said meanwhile is compared anew with the next file."""
    records = Record.objects.filter(
        district_id=district.pk, source_id=moved.source, kind=moved.kind, source_key=moved.key, row_id=moved.led_to
    )
    record = records.first()
    noun = TABLES[TABLE_OF[moved.kind]].noun
    if record is None:
        return [f"The source calls a {noun} otherwise by now, which stays so."]
    left = (None, None) if moved.blanked else (moved.high, moved.low)
    untouched = (record.hash_high, record.hash_low) == left
    high, low = (moved.high, moved.low) if untouched else (None, None)
    records.update(row_id=moved.row, hash_high=high, hash_low=low)
    if moved.present and not record.present:
        model = MODELS[TABLE_OF[moved.kind]]
        model._default_manager.filter(district_id=district.pk, id=moved.row).update(source_id=None)
        return [f"A {noun} is not in its source any more and is the district’s own now."]
    return []
