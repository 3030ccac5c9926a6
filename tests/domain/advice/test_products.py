"""The catalogue of products, who has which for whom, and what the advisor makes of it."""

import re
import uuid
from pathlib import Path

import polars as pl
import pytest
import yaml
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import new_district
from tests.domain.advice.test_advising import answered

from firstbell.domain.advice.advising import advise
from firstbell.domain.advice.answers import METHODS, Answers
from firstbell.domain.advice.catalogue import BadCatalogue, Catalogue, LicenceSaid, parse_catalogue, read_catalogue
from firstbell.domain.advice.licensing import Unknown, license_district, save_catalogue
from firstbell.domain.advice.models import Licence
from firstbell.domain.advice.queries import find_products, list_licensed, list_products
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.advice.takes import FORMATS, SSO, Takes
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.audit.queries import list_events
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.imports.loading import carry_out
from firstbell.domain.imports.receiving import receive_path
from firstbell.domain.roster.sources import add_source
from firstbell.engine.formats.oneroster.write import write
from firstbell.engine.sample import sample

DEFAULTS = AdviceSettings()
MATH = Takes("math", "Math", ("self_managed", "automated"), formats=("clever",), sso=("clever", "saml"))
READING = Takes("reading", "Reading", ("assisted",))
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "products.md"

takes = st.builds(
    Takes,
    code=st.just("any"),
    name=st.sampled_from(["Math", "Reading", "Science"]),
    methods=st.sets(st.sampled_from(METHODS), min_size=1).map(lambda some: tuple(m for m in METHODS if m in some)),
    formats=st.sampled_from([(), ("clever",)]),
    sso=st.sampled_from([(), ("saml",)]),
)


def _code(name: str = "math") -> str:
    return f"{name}-{uuid.uuid4().hex[:12]}"


@given(answered, st.lists(takes, max_size=3))
def test_a_method_is_advised_that_all_products_take_if_there_is_one(known: Answers, products: list[Takes]) -> None:
    free, advice = advise(known, DEFAULTS), advise(known, DEFAULTS, products)
    shared = [method for method in METHODS if all(method in product.methods for product in products)]
    assert not shared or advice.method in shared
    if free.method in shared or not shared:
        assert advice.method == free.method
    else:
        assert "nearest method that all your products take" in advice.decision
    for product in products:
        said = any(f"{product.name} does not take" in condition for condition in advice.conditions)
        assert said or advice.method in product.methods
    assert not advice.sso or advice.method == "automated"


def test_math_takes_automated_only_by_clever_and_it_is_said() -> None:
    advice = advise(Answers(5000, "often", "daily", "sis"), DEFAULTS, [MATH])
    assert advice.method == "automated"
    assert "Math takes Automated only by Clever." in advice.conditions


def test_a_product_that_does_not_take_the_method_leads_to_the_nearest_that_it_takes() -> None:
    advice = advise(Answers(120, "rarely", "yearly", "manual"), DEFAULTS, [MATH])
    assert advice.method == "self_managed"
    assert "But Math does not take One-Time Assisted." in advice.decision


def test_products_that_share_no_method_leave_it_to_the_answers() -> None:
    advice = advise(Answers(5000, "often", "daily", "sis"), DEFAULTS, [MATH, READING])
    assert advice.method == "automated"
    assert "Reading does not take Automated: it takes One-Time Assisted." in advice.conditions


def test_there_is_no_single_sign_on_where_no_product_has_it() -> None:
    advice = advise(Answers(5000, "often", "daily", "sis"), DEFAULTS, [Takes("x", "X", ("automated",))])
    assert not advice.sso
    assert "none of the products" in advice.follows["sso"]


def test_the_file_of_the_page_can_be_used_and_it_names_all_words() -> None:
    text = PAGE.read_text("utf-8")
    catalogue = parse_catalogue(yaml.safe_load(text.partition("```yaml\n")[2].partition("```")[0]))
    assert catalogue.products[0].formats == ("clever",)
    assert catalogue.districts["maple-valley"][0].grades == ("06", "07", "08")
    named = set(re.findall(r"`([a-z-]+)`", text.rpartition("```")[2]))
    assert set(FORMATS) | set(SSO) <= named


GOOD = "products:\n - {code: math, name: Math, methods: [automated]}\n"
WRONG = [
    ("[]", "the file: has to say products, districts"),
    ("product: []", "the file: there is no product, there are products, districts"),
    ("products: {}", "products: has to be a list"),
    ("products: [{name: Math}]", "products[1].code: write 1 to 500 characters"),
    ("products: [{code: Math!, name: Math, methods: [automated]}]", "products[1].code: use letters"),
    ("products: [{code: math, name: Math}]", "products[1].methods: name at least one of"),
    ("products: [{code: math, name: Math, methods: [magic]}]", "products[1].methods: there is no magic"),
    ("products: [{code: m, name: M, methods: [assisted], formats: [clever]}]", "products[1].formats: are ways of"),
    ("products: [{code: m, name: M, methods: [automated], sso: [x]}]", "products[1].sso: there is no x"),
    ("products: [{code: m, name: M, methods: [automated], retired: 1}]", "products[1].retired: write true or false"),
    (GOOD + " - {code: math, name: M, methods: [assisted]}\n", "products: math is there twice"),
    (GOOD + "products: []", "line 1: products is there twice"),
    ("districts: [maple]", "districts: write each district's code"),
    ("districts: {maple: {}}", "districts.maple: has to be a list"),
    ("districts: {maple: [{seats: 3}]}", "districts.maple[1].product: write"),
    ("districts: {maple: [{product: m, seats: many}]}", "districts.maple[1].seats: write a whole number"),
    ("districts: {maple: [{product: m, seats: true}]}", "districts.maple[1].seats: write a whole number"),
    ("districts: {maple: [{product: m, seats: -1}]}", "districts.maple[1].seats: write a whole number"),
    ("districts: {maple: [{product: m, grades: [6]}]}", "districts.maple[1].grades[1]: write"),
    ("districts: {maple: [{product: m}, {product: m}]}", "districts.maple: a product is there twice"),
    ("a: &a [x]\nb: [*a, *a]", "write each part out, aliases (*) are not read"),
    ("a: [", "line 1: "),
    ("a: !!python/object/apply:os.system [id]", "line 1: could not determine a constructor"),
    ("[" * 100_000, "is not YAML"),
]


@pytest.mark.parametrize(("text", "line"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_file_gets_one_line_that_names_the_place(tmp_path: Path, text: str, line: str) -> None:
    path = tmp_path / "products.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadCatalogue) as problem:
        read_catalogue(path)
    assert str(problem.value).startswith(line)
    assert "\n" not in str(problem.value)


def test_what_cannot_be_read_gets_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadCatalogue, match="no such file"):
        read_catalogue(tmp_path / "nowhere.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(BadCatalogue):
        read_catalogue(tmp_path / "binary.yaml")


@pytest.mark.usefixtures("database")
class TestKept:
    def test_a_catalogue_is_added_changed_and_left_alone(self) -> None:
        math = Takes(_code(), "Math", ("automated",), formats=("clever",))
        other = Takes(_code("other"), "Other", ("assisted",))
        saved = save_catalogue(Catalogue((math, other), {}), by=OPERATOR)
        assert (saved.added, saved.changed) == (2, 0)
        changed = Takes(math.code, "Math 2", ("self_managed",), retired=True)
        saved = save_catalogue(Catalogue((changed, other), {}), by=OPERATOR)
        assert (saved.added, saved.changed) == (0, 1)
        assert find_products([math.code]) == [changed]
        assert changed not in list_products()
        assert changed in list_products(retired=True)
        verbs = [event.verb for event in list_events(None, subject_kind="product", limit=500)]
        assert {"product.added", "product.changed"} <= set(verbs)

    def test_a_file_with_a_mistake_changes_nothing(self, district: District) -> None:
        math = Takes(_code(), "Math", ("automated",))
        wrongs: list[dict[str, tuple[LicenceSaid, ...]]] = [
            {"nowhere": ()},
            {district.code: (LicenceSaid("no-such-product"),)},
        ]
        for wrong in wrongs:
            with pytest.raises(Unknown):
                save_catalogue(Catalogue((math,), wrong), by=OPERATOR)
            assert find_products([math.code]) == []

    def test_a_district_has_just_what_the_file_says(self, district: District, other_district: District) -> None:
        math, reading = Takes(_code(), "Math", ("automated",)), Takes(_code("reading"), "Reading", ("automated",))
        both = (LicenceSaid(math.code, seats=3), LicenceSaid(reading.code))
        save_catalogue(Catalogue((math, reading), {district.code: both, other_district.code: both}), by=OPERATOR)
        save_catalogue(Catalogue((), {district.code: (LicenceSaid(reading.code, seats=9),)}), by=OPERATOR)
        assert [(one.product.code, one.seats) for one in list_licensed(district)] == [(reading.code, 9)]
        assert len(list_licensed(other_district)) == 2
        with within(district):
            events = list_events(district.pk, subject_kind="district")
        assert [event.verb for event in events].count("licences.changed") == 2
        license_district(district, [LicenceSaid(reading.code, seats=9)], by=OPERATOR)
        with within(district):
            assert len(list_events(district.pk, subject_kind="district")) == len(events)

    def test_licences_are_behind_the_wall(self, district: District, other_district: District) -> None:
        math = Takes(_code(), "Math", ("automated",))
        save_catalogue(Catalogue((math,), {district.code: (LicenceSaid(math.code),)}), by=OPERATOR)
        with within(other_district):
            assert not Licence.objects.filter(district_id=district.pk).exists()
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from advice_licence")
            assert cursor.fetchone() == (0,)


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return sample(300, seed=7)


@pytest.fixture
def rostered(database: None, tables: dict[str, pl.DataFrame], tmp_path: Path) -> District:
    district = new_district("Lakeside Unified")
    write(tables, tmp_path / "roster.zip", version="1.2")
    source = add_source(district, "SIS", by=OPERATOR)
    run = carry_out(district, receive_path(district, source, tmp_path / "roster.zip", by=OPERATOR))
    assert run.state == "applied", run.message
    return district


def test_students_are_counted_by_school_grade_and_class_as_the_licence_names_them(
    rostered: District, tables: dict[str, pl.DataFrame]
) -> None:
    students = tables["roles"].filter(pl.col("role") == "student")
    school = students["orgSourcedId"][0]
    at_school = students.filter(pl.col("orgSourcedId") == school)
    people = tables["users"].filter(pl.col("sourcedId").is_in(at_school["userSourcedId"].implode()))
    grade = str(people["grades"].drop_nulls()[0])
    in_grade = people.filter(pl.col("grades") == grade)
    places = tables["enrollments"].filter(
        pl.col("role") == "student", pl.col("userSourcedId").is_in(in_grade["sourcedId"].implode())
    )
    group = str(places["classSourcedId"][0])
    in_class = places.filter(pl.col("classSourcedId") == group)["userSourcedId"].n_unique()
    counts = [300, at_school.height, in_grade.height, in_class]
    assert counts == sorted(counts, reverse=True)
    assert 0 < counts[3] < counts[1] < counts[0]
    wanted = [{}, {"schools": (school,)}, {"schools": (school,), "grades": (grade,)}]
    wanted.append({"schools": (school,), "grades": (grade,), "classes": (group,)})
    products = tuple(Takes(_code(f"p{place}"), f"P{place}", ("automated",)) for place in range(4))
    licences = tuple(
        LicenceSaid(product.code, seats=counts[place] - 1, **named)
        for place, (product, named) in enumerate(zip(products, wanted, strict=True))
    )
    save_catalogue(Catalogue(products, {rostered.code: licences}), by=OPERATOR)
    found = list_licensed(rostered)
    assert [one.students for one in found] == counts
    assert [one.over for one in found] == [1, 1, 1, 1]
    nowhere = LicenceSaid(products[0].code, seats=0, schools=("nowhere",))
    license_district(rostered, [nowhere], by=OPERATOR)
    assert [(one.students, one.over) for one in list_licensed(rostered)] == [(0, 0)]
