"""The catalogue of products and who has which, as a YAML file says it. Reading only: actions are in licensing."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from firstbell.domain.advice.answers import METHODS, Method
from firstbell.domain.advice.takes import FORMATS, SSO, Takes
from firstbell.domain.districts.actions import CODE, LONGEST_CODE

LARGEST_FILE = 5_000_000
LONGEST = 500
MOST_SEATS = 10_000_000
LONGEST_ID = 200
"""Of a school, a class or a grade, as a licence names it."""
OF_PRODUCT = ("code", "name", "methods", "formats", "sso", "roll_over", "retired")
OF_LICENCE = ("product", "seats", "schools", "grades", "classes")


class BadCatalogue(ValueError):
    """The file cannot be used; the text is one line that names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class LicenceSaid:
    """What a district has of a product: for whom, each list empty for all; ``seats`` is None for as many as there are.

    Schools and classes are named by the ids that Firstbell publishes (sourcedId).
    """

    product: str
    seats: int | None = None
    schools: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the file says."""

    products: tuple[Takes, ...]
    districts: dict[str, tuple[LicenceSaid, ...]]


class _PlainLoader(yaml.SafeLoader):
    """YAML without what a catalogue has no use for: aliases, which can unfold without end, and keys said twice."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise BadCatalogue("write each part out, aliases (*) are not read")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002
        keys = [key.value for key, _ in node.value]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise BadCatalogue(f"line {node.start_mark.line + 1}: {twice} is there twice")
        return super().construct_mapping(node, deep=deep)


def read_catalogue(path: Path) -> Catalogue:
    """The catalogue in a file. Raises BadCatalogue."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except OSError as problem:
        raise BadCatalogue((problem.strerror or str(problem)).lower()) from problem
    return catalogue_in(raw)


def catalogue_in(raw: bytes) -> Catalogue:
    """The catalogue in the bytes of a file. Raises BadCatalogue."""
    if len(raw) > LARGEST_FILE:
        raise BadCatalogue("is larger than a catalogue can be")
    try:
        content = yaml.load(raw, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, RecursionError, ValueError) as problem:
        if isinstance(problem, BadCatalogue):
            raise
        mark = getattr(problem, "problem_mark", None)
        said = getattr(problem, "problem", None) or "cannot be read"
        raise BadCatalogue(f"line {mark.line + 1}: {said}" if mark else "is not YAML") from problem
    return parse_catalogue(content)


def parse_product(said: dict[str, object]) -> Takes:
    """One product as a form says it. Raises BadCatalogue, whose text begins with the field: ``name: ...``."""
    try:
        return _product("", said)
    except BadCatalogue as problem:
        raise BadCatalogue(str(problem).removeprefix(".")) from problem


def parse_catalogue(content: object) -> Catalogue:
    """The catalogue in a file's content. Raises BadCatalogue."""
    said = _mapping("the file", content, ("products", "districts"))
    products = tuple(
        _product(f"products[{place}]", one) for place, one in enumerate(_list("products", said.get("products")), 1)
    )
    codes = [product.code for product in products]
    twice = next((code for code in codes if codes.count(code) > 1), None)
    if twice:
        raise BadCatalogue(f"products: {twice} is there twice")
    districts = said.get("districts")
    return Catalogue(products, _districts({} if districts is None else districts))


def _districts(said: object) -> dict[str, tuple[LicenceSaid, ...]]:
    if not isinstance(said, dict) or not all(isinstance(code, str) for code in said):
        raise BadCatalogue("districts: write each district's code with its list of products under it")
    found: dict[str, tuple[LicenceSaid, ...]] = {}
    for code, licences in said.items():
        place = f"districts.{code}"
        made = tuple(_licence(f"{place}[{at}]", one) for at, one in enumerate(_list(place, licences), 1))
        products = [licence.product for licence in made]
        if len(products) != len(set(products)):
            raise BadCatalogue(f"{place}: a product is there twice, name its schools, grades and classes in one place")
        found[code] = made
    return found


def _product(place: str, said: object) -> Takes:
    given = _mapping(place, said, OF_PRODUCT)
    code = _text(f"{place}.code", given.get("code"))
    if not CODE.fullmatch(code) or len(code) > LONGEST_CODE:
        raise BadCatalogue(f"{place}.code: use letters a to z, digits and single hyphens")
    retired = given.get("retired", False)
    if not isinstance(retired, bool):
        raise BadCatalogue(f"{place}.retired: write true or false")
    methods = _words(f"{place}.methods", given.get("methods"), METHODS)
    if not methods:
        raise BadCatalogue(f"{place}.methods: name at least one of {', '.join(METHODS)}")
    formats = _words(f"{place}.formats", given.get("formats"), tuple(FORMATS))
    if formats and "automated" not in methods:
        raise BadCatalogue(f"{place}.formats: are ways of Automated, which is not among its methods")
    return Takes(
        code=code,
        name=_text(f"{place}.name", given.get("name")),
        methods=cast("tuple[Method, ...]", tuple(one for one in METHODS if one in methods)),
        formats=formats,
        sso=_words(f"{place}.sso", given.get("sso"), tuple(SSO)),
        roll_over=_text(f"{place}.roll_over", given["roll_over"]) if given.get("roll_over") else "",
        retired=retired,
    )


def _licence(place: str, said: object) -> LicenceSaid:
    given = _mapping(place, said, OF_LICENCE)
    seats = given.get("seats")
    if seats is not None and (isinstance(seats, bool) or not isinstance(seats, int) or not 0 <= seats <= MOST_SEATS):
        raise BadCatalogue(
            f"{place}.seats: write a whole number from 0 to {MOST_SEATS:,}, or leave it out for no limit"
        )
    return LicenceSaid(
        product=_text(f"{place}.product", given.get("product")),
        seats=seats,
        schools=_words(f"{place}.schools", given.get("schools")),
        grades=_words(f"{place}.grades", given.get("grades")),
        classes=_words(f"{place}.classes", given.get("classes")),
    )


def _mapping(place: str, said: object, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise BadCatalogue(f"{place}: has to say {', '.join(known)}")
    unknown = next((key for key in said if key not in known), None)
    if unknown is not None:
        raise BadCatalogue(f"{place}: there is no {unknown}, there are {', '.join(known)}")
    return said


def _list(place: str, said: object) -> list[object]:
    if said is None:
        return []
    if not isinstance(said, list):
        raise BadCatalogue(f"{place}: has to be a list")
    return said


def _text(place: str, said: object) -> str:
    if not isinstance(said, str) or not said.strip() or len(said) > LONGEST or not said.isprintable():
        raise BadCatalogue(f"{place}: write 1 to {LONGEST} characters on one line, numbers in quotes")
    return said.strip()


def _words(place: str, said: object, known: tuple[str, ...] = ()) -> tuple[str, ...]:
    words = tuple(_text(f"{place}[{at}]", one) for at, one in enumerate(_list(place, said), 1))
    long = next((word for word in words if len(word) > LONGEST_ID), None)
    if long is not None:
        raise BadCatalogue(f"{place}: {long[:20]}… is longer than {LONGEST_ID} characters")
    unknown = next((word for word in words if known and word not in known), None)
    if unknown is not None:
        raise BadCatalogue(f"{place}: there is no {unknown}, there are {', '.join(known)}")
    return tuple(dict.fromkeys(words))
