"""Who was told of whom, when and by which grant: each answer is written down, and nobody can take it back."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection
from tests.api.oneroster.conftest import V1P1, V1P2, Product, product_of
from tests.api.oneroster.town import Said, bring, make_town

from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.viewer import view_as_operator
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.practice import begin_practice, fill
from firstbell.domain.roster.models import Enrollment, User
from firstbell.domain.sharing.disclosing import Disclosed, all_disclosures, received_of
from firstbell.domain.sharing.granting import set_grant
from firstbell.domain.sharing.pace import Pace


@pytest.fixture
def product(district: District, tmp_path: Path) -> Product:
    """A program that has read nothing yet."""
    bring(district, make_town(2), tmp_path)
    return product_of(district)


def row_of(district: District, sourced_id: str) -> int:
    with within(district):
        return User.objects.get(district_id=district.pk, sourced_id=sourced_id).id


def log_of(district: District) -> list[Disclosed]:
    return list(all_disclosures(view_as_operator(district), district))


def test_of_each_child_one_can_say_who_was_told_what(product: Product) -> None:
    district, other = product.district, product_of(product.district, "Math Path")
    child, sibling = row_of(district, "s-001"), row_of(district, "s-002")
    assert received_of(district, child) == []
    product.read("users", filter="username='s-001'")
    assert product.ask("users/s-001", V1P1).status_code == 200
    product.read("demographics", filter="sourcedId='s-001'")
    set_grant(other.client.client, Said(schools=("north", "south", "west")).wish(district), by=OPERATOR)
    other.walk("enrollments", limit=20)
    told = {(one.program, one.table): (one.grant_version, one.times) for one in received_of(district, child)}
    assert told["Reading Hour", "users"] == (0, 2)
    assert told["Reading Hour", "demographics"] == (0, 1)
    assert told["Math Path", "enrollments"][0] == 1
    assert set(told) == {("Reading Hour", "users"), ("Reading Hour", "demographics"), ("Math Path", "enrollments")}
    assert {one.program for one in received_of(district, sibling)} == {"Math Path"}


def test_the_log_has_every_record_of_every_answer_and_no_value_that_was_asked_for(product: Product) -> None:
    district = product.district
    walked = Counter({table: len(product.walk(table, limit=13)) for table in ("users", "enrollments", "orgs")})
    product.read("teachers", filter="email='t-north-0@example.org'")
    product.ask("users/nobody")
    product.read("users", filter="username='nobody'")
    log = log_of(district)
    counted: Counter[str] = Counter()
    for one in log:
        counted[one.table] += one.records
    assert counted == walked + Counter(users=1)
    assert log[-1].asked == "v1p2 teachers filter=email"
    assert "t-north-0" not in repr(log)
    with within(district):
        ids = set(Enrollment.objects.filter(district_id=district.pk).values_list("id", flat=True))
    ranges = [part for one in log if one.table == "enrollments" for part in one.row_ids.strip("{}").split("),")]
    kept = set()
    for part in ranges:
        low, high = part.strip("[)").split(",")
        kept |= set(range(int(low), int(high)))
    assert kept == ids


def test_what_was_told_cannot_be_untold(product: Product) -> None:
    product.read("users", limit=1)
    for statement in ("delete from sharing_disclosure", "update sharing_disclosure set asked = ''"):
        refused = pytest.raises(ProgrammingError, match="permission denied")
        with refused, within(product.district), connection.cursor() as cursor:
            cursor.execute(statement)


def test_another_district_sees_nothing_of_the_log(product: Product, other_district: District) -> None:
    product.read("users", limit=1)
    assert log_of(other_district) == []
    assert received_of(other_district, row_of(product.district, "s-001")) == []


def test_who_asks_too_often_is_told_when_to_come_again(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FIRSTBELL_READS_A_MINUTE", 3)
    monkeypatch.setattr("firstbell.api.oneroster.views.pace", Pace(lambda: 0.0))
    for _ in range(3):
        assert product.ask("orgs").status_code == 200
    for root in (V1P1, V1P2):
        refused = product.ask("orgs", root)
        assert (refused.status_code, refused["Retry-After"]) == (429, "20")
    assert product_of(product.district, "Patient").ask("orgs").status_code == 200


def test_a_products_developers_read_made_up_people_of_a_practice_space(product: Product) -> None:
    from tests.web.rooms.conftest import member

    account = member(product.district, "administrator", "district_administrator")
    practice = begin_practice(product.district, account, code=f"{product.district.code}-try", by=OPERATOR)
    fill(practice, by=OPERATOR)  # a worker's part
    developer = product_of(practice, "Developers")
    people = {str(one["sourcedId"]) for one in developer.walk("users", limit=500)}
    assert people
    assert not people & {str(one["sourcedId"]) for one in product.walk("users", V1P2)}


def test_the_log_is_for_those_who_may_share(product: Product) -> None:
    viewer = view_as_operator(product.district)
    from dataclasses import replace

    with pytest.raises(NotAllowed):
        all_disclosures(replace(viewer, permissions=frozenset()), product.district)
