"""What is kept of cases goes in time: what was written with the district's period, what is about a person with them."""

from datetime import datetime, timedelta

from firstbell.domain.assisted.models import Answer, Case, Message
from firstbell.domain.assisted.states import note
from firstbell.domain.audit.actor import SYSTEM
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.folder import ACCOUNTS, LOGINS, RunFolder
from firstbell.domain.roster.erasing import GONE, Held, naming


def forget_closed(district: District, *, now: datetime) -> int:
    """Erase messages, notes and account lists of cases that closed longer ago than the district keeps people."""
    before = now - timedelta(days=district.retention_days)
    with within(district):
        mine = {"district_id": district.pk}
        with_words = Message.objects.filter(**mine).values("case_id")
        with_notes = Answer.objects.filter(**mine).values("case_id")
        closed = Case.objects.filter(**mine, closed_at__lte=before)
        cases = list((closed.filter(id__in=with_words) | closed.filter(id__in=with_notes)).order_by("id"))
        for case in cases:
            messages, _ = Message.objects.filter(**mine, case_id=case.pk).delete()
            answers, _ = Answer.objects.filter(**mine, case_id=case.pk).delete()
            note(district, case, "case.forgotten", by=SYSTEM, messages=messages, answers=answers)
            folder = RunFolder(district, case.run_id or 0)
            for name in (ACCOUNTS, LOGINS):
                folder.delete(name)
    return len(cases)


def reach_cases(district: District, held: Held) -> None:
    """Take what names these people, who are being erased, out of what was written on cases."""
    is_named = naming(held)
    with within(district):
        Answer.objects.filter(district_id=district.pk, person_id__in=held.people).delete()
        for model, fields in ((Message, ("text",)), (Answer, ("note", "reply"))):
            for row in model.objects.filter(district_id=district.pk).iterator():
                named = [field for field in fields if is_named(getattr(row, field))]
                for field in named:
                    setattr(row, field, GONE)
                if named:
                    row.save(update_fields=named)
