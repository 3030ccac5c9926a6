"""What the demo's vendor has: products, who looks after which district, and a question that waits for an answer."""

from typing import Final

from django.utils import timezone

from firstbell.cli.demo.handout import Login
from firstbell.domain.accounts.access import find_viewer
from firstbell.domain.accounts.queries import find_account
from firstbell.domain.accounts.viewer import Viewer, view_as_operator
from firstbell.domain.advice.asking import Asked, ask
from firstbell.domain.advice.catalogue import LicenceSaid
from firstbell.domain.advice.contacts import name_contact
from firstbell.domain.advice.licensing import license_one, save_product
from firstbell.domain.advice.models import ContactRole
from firstbell.domain.advice.queries import find_products, list_contacts, list_licensed, list_requests
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.advice.takes import Takes
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District
from firstbell.domain.portfolio.looking import look_at

PRODUCTS: Final = (
    Takes(
        "math",
        "Math",
        ("self_managed", "automated"),
        ("clever",),
        ("clever",),
        "Students and classes are removed at the end of a year; staff stays.",
    ),
    Takes("reading", "Reading", ("self_managed", "assisted", "automated"), (), ("saml", "google")),
)
LICENCES: Final = {
    "maple-valley": (LicenceSaid("reading", 1000),),
    "juniper": (LicenceSaid("math", 40), LicenceSaid("reading", 40)),
    "willow-creek": (LicenceSaid("reading", 25),),
}
ASKS: Final = "May we have ten more seats for Reading from January on?"


def ensure_vendor(districts: tuple[District, ...], logins: tuple[Login, ...], settings: AdviceSettings) -> None:
    """Make what is missing."""
    for product in PRODUCTS:
        if not find_products([product.code]):
            save_product(product, by=OPERATOR)
    people = {login.role: login for login in logins if not login.district}
    looks_after = {
        ContactRole.CUSTOMER_SUCCESS: people["customer_success"],
        ContactRole.ACCOUNT_EXECUTIVE: people["account_executive"],
    }
    for district in districts:
        if not list_contacts(district):
            for role, login in looks_after.items():
                name_contact(district, role, login.name, login.username, by=OPERATOR)
        if not list_licensed(district):
            for licence in LICENCES.get(district.code, ()):
                license_one(district, licence, by=OPERATOR)
        if district.code == "juniper" and not list_requests(district):
            ask(district, Asked(ASKS), settings, now=timezone.now(), by=_administrator(logins, district))
        look_at(district, now=timezone.now())


def _administrator(logins: tuple[Login, ...], district: District) -> Viewer:
    """Whoever of the district signs in first; the operator where nobody does."""
    login = next((login for login in logins if login.district == district.code), None)
    account = find_account(login.username) if login else None
    viewer = find_viewer(account) if account else None
    return viewer or view_as_operator(district)
