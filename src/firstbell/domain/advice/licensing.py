"""Writing the catalogue, and which district has which product for whom."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from firstbell.domain.advice.catalogue import Catalogue, LicenceSaid
from firstbell.domain.advice.models import Licence, Product
from firstbell.domain.advice.queries import licence_said
from firstbell.domain.advice.takes import Takes
from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.districts.wall import within


class Unknown(ValueError):
    """The catalogue names a district or product that is not there; the text says which."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a catalogue."""

    added: int
    changed: int
    districts: tuple[District, ...]


@transaction.atomic
def save_catalogue(catalogue: Catalogue, *, by: Actor) -> Saved:
    """Add and change the products that it names, and give each district that it names just what it says.

    Others stay as they are. All of it or nothing: raises Unknown.
    """
    verbs = [save_product(product, by=by) for product in catalogue.products]
    districts = []
    for code, licences in catalogue.districts.items():
        district = find_district(code)
        if district is None:
            raise Unknown(f"districts.{code}: there is no such district")
        license_district(district, licences, by=by)
        districts.append(district)
    return Saved(verbs.count("added"), verbs.count("changed"), tuple(districts))


def license_district(district: District, licences: Sequence[LicenceSaid], *, by: Actor) -> None:
    """Give a district just these products, each for those whom its licence names. Raises Unknown."""
    products = {product.code: product for product in Product.objects.all()}
    unknown = next((one.product for one in licences if one.product not in products), None)
    if unknown is not None:
        raise Unknown(f"districts.{district.code}: there is no product {unknown}")
    with within(district):
        mine = Licence.objects.filter(district_id=district.pk).select_related("product")
        before = {one.product.code: licence_said(one) for one in mine}
        after = {one.product: one for one in licences}
        if before == after:
            return
        mine.exclude(product__code__in=after).delete()
        for code, said in after.items():
            values = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(said).items()}
            del values["product"]
            Licence.objects.update_or_create(district_id=district.pk, product=products[code], defaults=values)
        detail = {"products": sorted(after), "before": sorted(before)}
        record(district.pk, "licences.changed", by=by, subject_kind="district", subject_id=district.pk, detail=detail)


def license_one(district: District, licence: LicenceSaid, *, by: Actor) -> None:
    """Give a district one product, or others of it. Raises Unknown."""
    with within(district):
        license_district(district, [*_others(district, licence.product), licence], by=by)


def end_licence(district: District, product: str, *, by: Actor) -> None:
    """The district has this product no more."""
    with within(district):
        license_district(district, _others(district, product), by=by)


def _others(district: District, product: str) -> list[LicenceSaid]:
    mine = Licence.objects.filter(district_id=district.pk).select_related("product").order_by("id")
    return [licence_said(one) for one in mine.exclude(product__code=product)]


@transaction.atomic
def save_product(takes: Takes, *, by: Actor) -> str:
    """Add or change one product; what was done: added, changed, or nothing."""
    values = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(takes).items()}
    product = Product.objects.filter(code=takes.code).first()
    if product is not None and all(getattr(product, name) == value for name, value in values.items()):
        return "nothing"
    verb = "added" if product is None else "changed"
    saved, _ = Product.objects.update_or_create(code=takes.code, defaults=values)
    detail = {"code": takes.code}
    record(None, f"product.{verb}", by=by, subject_kind="product", subject_id=saved.pk, detail=detail)
    return verb
