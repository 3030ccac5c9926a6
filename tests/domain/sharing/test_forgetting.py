"""Marks and tokens go when nobody can need them any more, and not before."""

import datetime as dt

import pytest
from django.utils import timezone

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.sharing.access import NotAClient, find_reader, hash_of
from firstbell.domain.sharing.actions import add_client, give_token
from firstbell.domain.sharing.models import AccessToken, Mark
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS
from firstbell.domain.sharing.tasks import forget_what_has_ended


def test_what_is_still_of_use_stays(district: District) -> None:
    made = add_client(district, "Reading Hour", list(SCOPE_URIS), by=OPERATOR)
    valid = give_token(made.client.client_id, made.secret, []).token
    ended = give_token(made.client.client_id, made.secret, []).token
    now = timezone.now()
    old = AccessToken.objects.filter(client=made.client).exclude(pk=hash_of(valid))
    old.update(expires_at=now - dt.timedelta(minutes=1))
    with within(district):
        for offset, age in ((100, 1), (200, 30)):
            Mark.objects.create(
                district_id=district.pk,
                client_id=made.client.pk,
                question="q",
                offset=offset,
                sourced_id="s",
                at=now - dt.timedelta(hours=age),
            )
    forget_what_has_ended(0)
    assert find_reader(valid).client_id == made.client.pk
    with pytest.raises(NotAClient):
        find_reader(ended)
    assert not old.exists()
    with within(district):
        assert list(Mark.objects.values_list("offset", flat=True)) == [100]
