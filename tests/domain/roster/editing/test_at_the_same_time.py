"""Two people at the same moment: the second waits, and then sees what the first has done."""

import threading

from django.db import connections
from tests.domain.roster.editing.conftest import BY, Small

from firstbell.domain.districts.locks import lock
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.editing.people import edit_person
from firstbell.domain.roster.editing.refusals import ChangedMeanwhile
from firstbell.domain.roster.models import User


def test_who_waits_for_the_other_does_not_write_over_them(small: Small) -> None:
    seen = small.stamp("users", small.student)
    met: list[object] = []

    def second() -> None:
        try:
            district = District.objects.get(pk=small.district.pk)
            edit_person(district, small.student, {"familyName": "Second"}, seen=seen, by=BY)
        except ChangedMeanwhile as meanwhile:
            met.append(meanwhile.now["familyName"])
        finally:
            connections.close_all()

    other = threading.Thread(target=second)
    with within(small.district):
        lock(small.district)
        other.start()
        other.join(timeout=1)
        assert other.is_alive(), "the second waits"
        edit_person(small.district, small.student, {"familyName": "First"}, seen=seen, by=BY)
    other.join(timeout=30)
    assert met == ["First"]
    with within(small.district):
        assert User.objects.get(id=small.student).family_name == "First"
