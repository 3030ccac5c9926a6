"""Programs with different grants see exactly their parts: every list, path, filter, sort and count, and each night's
changes. What they should see is told by ``town``, which goes by the package.
"""

import itertools
import json
import random
import threading
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from tests.api.oneroster.conftest import V1P1, V1P2, Product, Record, product_of
from tests.api.oneroster.test_polling import TABLES, poll, pull
from tests.api.oneroster.town import Rows, Said, bring, make_town, next_day, shown_of
from tests.conftest import new_district

from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import User
from firstbell.domain.sharing.actions import add_client
from firstbell.domain.sharing.granting import set_grant, tell_again, withhold
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS
from firstbell.domain.sharing.presets import Preset, Wish

GRANTS = {
    "one school": Said(schools=("north",)),
    "two schools without numbers": Said(
        schools=("south", "west"), hidden=frozenset({"users.identifier", "users.phone"})
    ),
    "a grade": Said(grades=("04",)),
    "a term and the people in its classes": Said(terms=("fall",), roles=("student", "teacher")),
    "students of a school and a grade": Said(schools=("north",), grades=("03", "05"), roles=("student",)),
    "all but two children": Said(withheld=frozenset({"s-003", "s-004"})),
}


def grant(client: ApiClient, said: Said) -> None:
    district = client.district
    set_grant(client, said.wish(district), by=OPERATOR, is_sure=True)
    with within(district):
        found = dict(User.objects.filter(district_id=district.pk).values_list("sourced_id", "id"))
    for key in said.withheld:
        withhold(district, found[key], client, "Opted out", by=OPERATOR)


def newcomer(district: District, said: Said | Wish, name: str = "New") -> Product:
    """A program that never read anything before it had this grant."""
    made = add_client(district, name, list(SCOPE_URIS), by=OPERATOR)
    if isinstance(said, Wish):
        set_grant(made.client, said, by=OPERATOR)
    else:
        grant(made.client, said)
    form = {"grant_type": "client_credentials", "client_id": made.client.client_id, "client_secret": made.secret}
    return Product(district, made, Client().post("/oauth/token", form).json()["access_token"])


def expected_of(rows: Rows, said: Said, everything: dict[str, dict[str, Record]]) -> dict[str, dict[str, Record]]:
    """The records of a program that sees everything, as one with this grant should see them."""
    shown = shown_of(rows, said)
    found: dict[str, dict[str, Record]] = {}
    for table in TABLES:
        found[table] = {}
        for key in shown[table]:
            record = json.loads(json.dumps(everything[table][key]))
            found[table][key] = _as_seen(table, record, shown, said, rows)
    return found


def _as_seen(table: str, record: Record, shown: dict[str, set[str]], said: Said, rows: Rows) -> Record:
    record.pop("dateLastModified")
    for member, value in list(record.items()):
        is_unseen = isinstance(value, dict) and "href" in value and not _is_shown(value, shown)
        if is_unseen or f"{table}.{member}" in said.hidden:
            del record[member]
        elif isinstance(value, list) and value and isinstance(value[0], dict) and "href" in value[0]:
            record[member] = [one for one in value if _is_shown(one, shown)]
            if not record[member]:
                del record[member]
    if "roles" in record:
        seen = {
            (rows["roles"][key]["role"], rows["roles"][key]["orgSourcedId"])
            for key in shown["roles"]
            if rows["roles"][key]["userSourcedId"] == record["sourcedId"]
        }
        record["roles"] = [one for one in record["roles"] if (one["role"], one["org"]["sourcedId"]) in seen]
    return record


def _is_shown(reference: Record, shown: dict[str, set[str]]) -> bool:
    table = {"org": "orgs", "academicSession": "academicSessions", "course": "courses", "class": "classes"}
    return reference["sourcedId"] in shown[table.get(reference["type"], "users")]


def without_time(records: list[Record]) -> dict[str, Record]:
    """The live ones by id."""
    found = {}
    for record in records:
        if record["status"] == "active":
            found[str(record["sourcedId"])] = {k: v for k, v in record.items() if k != "dateLastModified"}
    return found


@pytest.fixture(scope="module")
def town() -> Rows:
    return make_town(1)


@pytest.fixture
def product(district: District, town: Rows, tmp_path: Path) -> Product:
    """A program that has read everything of the town."""
    bring(district, town, tmp_path)
    return product_of(district)


def lists_of(expected: dict[str, dict[str, Record]]) -> dict[str, set[str]]:
    """What each list should hold, by the records alone."""
    orgs, sessions, users = expected["orgs"], expected["academicSessions"], expected["users"]
    classes, enrollments = expected["classes"].values(), expected["enrollments"].values()

    def with_role(word: str, org: str | None = None) -> set[str]:
        return {
            key
            for key, user in users.items()
            if any(r["role"] == word and org in (None, r["org"]["sourcedId"]) for r in user["roles"])
        }

    lists = {table: set(expected[table]) for table in TABLES}
    lists["schools"] = {key for key, org in orgs.items() if org["type"] == "school"}
    lists["terms"] = {key for key, one in sessions.items() if one["type"] == "term"}
    lists["gradingPeriods"] = {key for key, one in sessions.items() if one["type"] == "gradingPeriod"}
    lists["students"], lists["teachers"] = with_role("student"), with_role("teacher")
    for school in lists["schools"]:
        here = {c["sourcedId"] for c in classes if c["school"]["sourcedId"] == school}
        lists[f"schools/{school}/classes"] = here
        lists[f"schools/{school}/enrollments"] = {
            e["sourcedId"] for e in enrollments if e["school"]["sourcedId"] == school
        }
        lists[f"schools/{school}/students"] = with_role("student", school)
        lists[f"schools/{school}/teachers"] = with_role("teacher", school)
        held = {t["sourcedId"] for c in classes if c["sourcedId"] in here for t in c["terms"]}
        lists[f"schools/{school}/terms"] = held & lists["terms"]
        taught = {c["course"]["sourcedId"] for c in classes if c["sourcedId"] in here}
        owned = {key for key, one in expected["courses"].items() if one["org"]["sourcedId"] == school}
        lists[f"schools/{school}/courses"] = taught | owned
        for class_ in sorted(here)[-2:]:
            for path in (f"schools/{school}/classes/{class_}", f"classes/{class_}"):
                for role in ("student", "teacher"):
                    lists[f"{path}/{role}s"] = {
                        e["user"]["sourcedId"]
                        for e in enrollments
                        if e["class"]["sourcedId"] == class_ and e["role"] == role
                    }
            lists[f"schools/{school}/classes/{class_}/enrollments"] = {
                e["sourcedId"] for e in enrollments if e["class"]["sourcedId"] == class_
            }
    for course in expected["courses"]:
        lists[f"courses/{course}/classes"] = {c["sourcedId"] for c in classes if c["course"]["sourcedId"] == course}
    for term in lists["terms"]:
        lists[f"terms/{term}/classes"] = {
            c["sourcedId"] for c in classes if term in [t["sourcedId"] for t in c["terms"]]
        }
        lists[f"terms/{term}/gradingPeriods"] = {
            key for key in lists["gradingPeriods"] if sessions[key]["parent"]["sourcedId"] == term
        }
    for kind, roles in (("students", ("student",)), ("teachers", ("teacher",)), ("users", ("student", "teacher"))):
        for user in sorted(lists[kind])[:3]:
            lists[f"{kind}/{user}/classes"] = {
                e["class"]["sourcedId"] for e in enrollments if e["user"]["sourcedId"] == user and e["role"] in roles
            }
    return lists


@pytest.mark.parametrize("name", GRANTS)
def test_a_program_sees_exactly_its_part(product: Product, town: Rows, name: str) -> None:
    """Every list and path, record by record; one that read everything before is told what goes."""
    said = GRANTS[name]
    everything = pull(product, V1P2)
    grant(product.client.client, said)
    new = newcomer(product.district, said)
    expected = expected_of(town, said, everything)
    for path, ids in lists_of(expected).items():
        for program in (product, new) if "/" not in path else (new,):
            response = program.ask(path, limit=10_000)
            [records] = json.loads(response.content).values()
            live = without_time(records)
            assert set(live) == ids, path
            table = next(table for table in TABLES if ids <= set(expected[table]) and _fits(path, table))
            assert live == {key: expected[table][key] for key in ids}, path
            assert int(response["X-Total-Count"]) == len(records)
    for table in TABLES:
        assert len(new.walk(table, limit=7)) == len(expected[table])  # who is new is told of nobody who is hidden
        for key in sorted(everything[table].keys() - expected[table].keys())[:2]:
            assert new.ask(f"{table}/{key}").status_code == 404
            gone = json.loads(product.ask(f"{table}/{key}").content)
            assert [one["status"] for one in gone.values()] == ["tobedeleted"]


def _fits(path: str, table: str) -> bool:
    kind = path.rsplit("/", 1)[-1]
    also = {"schools": "orgs", "students": "users", "teachers": "users", "terms": "academicSessions"}
    return table == {**also, "gradingPeriods": "academicSessions"}.get(kind, kind)


@pytest.mark.parametrize("name", ["one school", "two schools without numbers", "a grade"])
def test_filters_sorts_and_counts_speak_of_the_part_only(product: Product, town: Rows, name: str) -> None:
    said, everything = GRANTS[name], pull(product, V1P2)
    new = newcomer(product.district, said)
    expected = expected_of(town, said, everything)
    users, classes = expected["users"], expected["classes"]
    asked: list[tuple[str, str, set[str]]] = [
        ("users", "familyName>'S'", {k for k, u in users.items() if u["familyName"].casefold() > "s"}),
        (
            "users",
            "givenName='ana' OR givenName='ben'",
            {k for k, u in users.items() if u["givenName"] in {"Ana", "Ben"}},
        ),
        ("users", "email='s-001@example.org'", {k for k in users if k == "s-001"}),
        ("users", "email='s-003@example.org'", {k for k in users if k == "s-003"}),
        ("users", "roles.org.sourcedId='south'", {k for k, u in users.items() if _has_role_at(u, "south")}),
        ("users", "agents.sourcedId='g-002'", {k for k, u in users.items() if _has(u, "agents", "g-002")}),
        ("users", "agents.sourcedId!='g-002'", {k for k, u in users.items() if not _has(u, "agents", "g-002")}),
        ("classes", "terms.sourcedId='spring'", {k for k, c in classes.items() if _has(c, "terms", "spring")}),
        ("classes", "school.sourcedId='west'", {k for k, c in classes.items() if c["school"]["sourcedId"] == "west"}),
        ("enrollments", "user.sourcedId='s-007'", {k for k, e in expected["enrollments"].items() if "s-007" in k}),
        ("demographics", "sex='female'", set(expected["demographics"])),
    ]
    for table, filter_, ids in asked:
        response = new.ask(table, filter=filter_, limit=10_000)
        [records] = json.loads(response.content).values()
        assert {one["sourcedId"] for one in records} == ids, filter_
        assert int(response["X-Total-Count"]) == len(ids)
    for key in ("familyName", "username", "email", "dateLastModified"):
        walked = [str(one["sourcedId"]) for one in new.walk("users", sort=key, orderBy="desc", limit=7)]
        assert len(walked) == len(set(walked)) == len(users)
        if key != "dateLastModified":
            assert walked == sorted(
                users, key=lambda k: (str(users[k].get(key, "")).encode(), k.encode()), reverse=True
            )
    for member in (name.removeprefix("users.") for name in said.hidden):
        for query in ({"filter": f"{member}='x'"}, {"sort": member}, {"fields": f"sourcedId,{member}"}):
            refused = new.ask("users", **query)
            assert refused.status_code == 400
            assert member in refused.content.decode()


def _has(record: Record, member: str, key: str) -> bool:
    return key in [one["sourcedId"] for one in record.get(member, [])]


def _has_role_at(user: Record, org: str) -> bool:
    return org in [role["org"]["sourcedId"] for role in user["roles"]]


@pytest.mark.parametrize(("root", "grants"), [(V1P1, 2), (V1P2, len(GRANTS))])
def test_polling_tells_what_a_night_and_a_changed_grant_show_and_hide(
    product: Product, town: Rows, tmp_path: Path, root: str, grants: int
) -> None:
    rows, watcher = town, product_of(product.district, "Watcher")
    held = pull(watcher, root)
    for night, said in enumerate(list(GRANTS.values())[:grants]):
        grant(watcher.client.client, said)
        poll(watcher, root, held)
        assert held == pull(watcher, root)
        rows = next_day(rows, night)
        bring(product.district, rows, tmp_path, f"night-{night}")
        poll(watcher, root, held)
        assert held == pull(watcher, root)
        expected = expected_of(rows, said, pull(product, V1P2))
        for table in TABLES:
            assert {key for key, one in held[table].items() if one["status"] == "active"} == set(expected[table]), table
        for key in said.withheld:
            with within(product.district):
                user_id = User.objects.get(district_id=product.district.pk, sourced_id=key).id
            tell_again(product.district, user_id, watcher.client.client, by=OPERATOR)
    set_grant(watcher.client.client, Wish(), by=OPERATOR)
    poll(watcher, root, held)
    everything = pull(product, root)
    for table in TABLES:
        now = {key: one for key, one in held[table].items() if one["status"] == "active"}
        assert now.keys() == {key for key, one in everything[table].items() if one["status"] == "active"}


def test_no_answer_mixes_two_grants_while_they_change_and_somebody_writes(product: Product, tmp_path: Path) -> None:
    """One grant has a school with e-mail, the other all schools without: no record has both another school and mail."""
    reader = product_of(product.district, "Reader")
    narrow, wide = Said(schools=("north",)), Said(hidden=frozenset({"users.email"}), withheld=frozenset({"s-001"}))
    grant(reader.client.client, wide)
    over, problems = threading.Event(), list[str]()

    def change() -> None:
        from tests.api.oneroster.test_walks import join

        for number in itertools.count():
            if over.is_set():
                break
            set_grant(
                reader.client.client, (narrow, wide)[number % 2].wish(product.district), by=OPERATOR, is_sure=True
            )
            join(product.district, f"Joe{number}")
        connections.close_all()

    thread = threading.Thread(target=change)
    thread.start()
    try:
        mixes = set()
        for _ in range(20):
            [records] = json.loads(reader.ask("students", limit=200).content).values()
            live = [one for one in records if one["status"] == "active"]
            mails = any("email" in one for one in live)
            schools = {role["org"]["sourcedId"] for one in live for role in one["roles"]}
            mixes.add(("mail" if mails else "no mail", "all" if len(schools - {"arts"}) > 1 else "one"))
            problems += [one["sourcedId"] for one in live if one["sourcedId"] == "s-001" and schools != {"north"}]
    finally:
        over.set()
        thread.join()
    assert ("mail", "all") not in mixes
    assert len(mixes) > 1
    assert not problems


def test_the_nameless_have_ids_that_stay_and_that_no_other_program_knows(
    product: Product, town: Rows, tmp_path: Path
) -> None:
    one, other = product_of(product.district, "One"), product_of(product.district, "Other")
    for program in (one, other):
        # they have a token already, which counts as having read
        with pytest.raises(Exception, match="let it in anew"):
            set_grant(program.client.client, Wish(preset=Preset.ANONYMOUS), by=OPERATOR)
    wish = Wish(preset=Preset.ANONYMOUS)
    one, other = newcomer(product.district, wish, "Three"), newcomer(product.district, wish, "Four")
    for root in (V1P1, V1P2):
        text = json.dumps({table: one.walk(table, root, limit=500) for table in TABLES if table != "demographics"})
        for row in town["users"].values():
            for column in ("sourcedId", "username", "familyName", "email", "identifier"):
                assert f'"{row[column]}"' not in text
        assert one.ask("demographics", root).status_code == 403
    ids = {str(user["sourcedId"]) for user in one.walk("users")}
    assert len(ids) == len(shown_of(town, Said(roles=("aide", "student", "teacher")))["users"])
    assert not ids & {str(user["sourcedId"]) for user in other.walk("users")}
    bring(product.district, next_day(town, 4), tmp_path, "next")
    assert ids >= {str(user["sourcedId"]) for user in one.walk("users", filter="status='tobedeleted'")}
    stays = {str(user["sourcedId"]) for user in one.walk("users", filter="status='active'")}
    assert len(ids & stays) >= len(ids) - 2
    somebody = random.Random(1).choice(sorted(stays))
    student = json.loads(one.ask(f"users/{somebody}").content)["user"]
    assert student["givenName"] == "Person"
    assert one.read("users", filter=f"familyName='{student['familyName']}'")[0]["sourcedId"] == somebody


def test_a_grant_is_of_one_program_and_one_district(product: Product, town: Rows, tmp_path: Path) -> None:
    other = new_district("Elsewhere")
    bring(other, town, tmp_path, "other")
    stranger, neighbour = product_of(other, "Stranger"), product_of(product.district, "Neighbour")
    before = pull(stranger, V1P2), pull(neighbour, V1P2)
    grant(product.client.client, GRANTS["one school"])
    assert (pull(stranger, V1P2), pull(neighbour, V1P2)) == before
