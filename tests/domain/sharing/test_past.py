"""What was so before is told to the family that asks, and goes with the person."""

import json
from datetime import timedelta

from django.utils import timezone
from tests.web.rooms.conftest import member

from firstbell.domain.accounts.models import Membership
from firstbell.domain.accounts.viewer import view_as
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import today_of
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.erasing import erase_due
from firstbell.domain.imports.telling import tell_all
from firstbell.domain.roster.columns import KINDS
from firstbell.domain.roster.editing.editor import AT_THE_COMMAND_LINE as BY
from firstbell.domain.roster.editing.people import add_person, edit_person, remove_person
from firstbell.domain.roster.editing.roles import edit_role
from firstbell.domain.roster.editing.schools import add_org
from firstbell.domain.roster.erasing import what_is_held
from firstbell.domain.roster.models import Role, User
from firstbell.domain.sharing.actions import add_client
from firstbell.domain.sharing.models import Past
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS


def test_all_that_was_so_before_is_in_the_document_and_goes_when_the_person_is_erased(district: District) -> None:
    add_client(district, "Reading Hour", list(SCOPE_URIS), by=OPERATOR)
    school = add_org(district, {"name": "Lincoln Middle", "type": "school"}, by=BY)
    role = {"role": "student", "orgSourcedId": str(school)}
    ana, ben = (
        add_person(district, {"givenName": "Pat", "familyName": was}, [role], by=BY) for was in ("Was", "Other")
    )
    for person in (ana, ben):
        with within(district):
            stamp = User.objects.get(district_id=district.pk, id=person).stamp
            held = Role.objects.get(district_id=district.pk, user_id=person)
        edit_person(district, person, {"familyName": "Now"}, seen=stamp, by=BY)
        edit_role(district, person, held.id, {"endDate": "2031-06-30"}, seen=held.stamp, by=BY)

    administrator = member(district, "administrator", "district_administrator")
    viewer = view_as(Membership.objects.get(account=administrator, district=district))
    with within(district):
        told = tell_all(district, viewer, ana, today=today_of(district))["said_before"]
    assert isinstance(told, list)
    assert [(one["table"], one["row"] == ana, one["said"]) for one in told] == [
        ("users", True, {"family_name": "Was"}),
        ("roles", False, {"end_date": None}),
    ]
    assert "Other" not in json.dumps(told)

    remove_person(district, ana, by=BY)
    with within(district):
        rows = what_is_held(district, [ana]).rows
        assert _kept(district, rows) >= 2
    erase_due(district, at=timezone.now() + timedelta(days=district.retention_days + 1))
    with within(district):
        assert not User.objects.filter(district_id=district.pk, id=ana).exists()
        assert _kept(district, rows) == 0
        assert Past.objects.filter(district_id=district.pk, row_id=ben).exists()


def _kept(district: District, rows: dict[str, list[int]]) -> int:
    here = Past.objects.filter(district_id=district.pk)
    return sum(here.filter(kind=KINDS[table], row_id__in=ids).count() for table, ids in rows.items())
