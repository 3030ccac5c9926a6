"""One district as those who look after it see it: where it stands, who looks after it, what it asks and has."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.accounts.models import StaffMembership, StaffRole
from firstbell.domain.accounts.staff import list_staff
from firstbell.domain.advice.contacts import BadContact, end_contact, name_contact
from firstbell.domain.advice.models import ContactRole
from firstbell.domain.advice.queries import Licensed, Wanted, list_licensed, list_products, list_request_lines
from firstbell.domain.assisted.access import is_at_desk
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.portfolio.looking import look_at
from firstbell.domain.portfolio.queries import PortfolioLine, find_line
from firstbell.web.components.shapes import Crumb
from firstbell.web.listing import id_in
from firstbell.web.portfolio.requests import url_of
from firstbell.web.staff.views import actor_of, for_staff

LOOKS_AFTER = {
    ContactRole.CUSTOMER_SUCCESS: StaffRole.CUSTOMER_SUCCESS,
    ContactRole.ACCOUNT_EXECUTIVE: StaffRole.ACCOUNT_EXECUTIVE,
}


def district_of(code: str) -> District:
    """The district, also one that lets no staff in: what the vendor sells it is the vendor's. Raises NoSuchDistrict."""
    district = find_district(code)
    if district is None or district.is_practice:
        raise NoSuchDistrict(code)
    return district


def crumbs_of(district: District, last: str = "") -> list[Crumb]:
    """The way to the district's page, or to one behind it."""
    here = Crumb(district.name, reverse("web:portfolio_district", args=[district.code]) if last else "")
    return [Crumb("Portfolio", reverse("web:portfolio")), here, *([Crumb(last)] if last else [])]


@require_safe
@for_staff
def show_district(request: HttpRequest, staff: StaffMembership, code: str) -> HttpResponse:
    """Where it stands, as of now."""
    district, now = district_of(code), timezone.now()
    look_at(district, now=now)
    line = find_line(district, now=now)
    licensed = list_licensed(district)
    has = {one.product.code for one in licensed}
    context = {
        "line": line,
        "district": district,
        "crumbs": crumbs_of(district),
        "roles": [_role(line, role) for role in ContactRole],
        "licensed": [(one, _licence_url(district, one.product.code), _for_whom(one)) for one in licensed],
        "others": [
            (product, _licence_url(district, product.code)) for product in list_products() if product.code not in has
        ],
        "requests": [(one, url_of(one)) for one in list_request_lines(Wanted(district_ids=[district.pk]))],
        "case_url": reverse("web:desk_case", args=[code, line.case.case_id]) if line.case and is_at_desk(staff) else "",
        "contact_url": reverse("web:portfolio_contact", args=[code]),
        "visit_url": reverse("web:staff_visit", args=[code]) if district.lets_staff_in else "",
    }
    with timezone.override(district.time_zone):
        return render(request, "portfolio/district.html", context)


def _role(line: PortfolioLine, role: ContactRole) -> tuple[ContactRole, str, str, list[StaffMembership]]:
    """A role, who has it, by which address, and who could have it."""
    has = next((contact for contact in line.contacts if contact.role == role), None)
    staff = list_staff(LOOKS_AFTER[role])
    return role, has.name if has else "", has.email if has else "", staff


def _licence_url(district: District, product: str) -> str:
    return reverse("web:licence", args=[district.code, product])


def _for_whom(licensed: Licensed) -> str:
    """ "2 schools, grades 06 and 07"."""
    parts = [
        f"{len(licensed.schools):,} school{'' if len(licensed.schools) == 1 else 's'}" if licensed.schools else "",
        f"grades {', '.join(licensed.grades)}" if licensed.grades else "",
        f"{len(licensed.classes):,} class{'' if len(licensed.classes) == 1 else 'es'}" if licensed.classes else "",
    ]
    return ", ".join(part for part in parts if part) or "Everybody"


@require_POST
@for_staff
def name_one(request: HttpRequest, staff: StaffMembership, code: str) -> HttpResponse:
    """Say who looks after the district in a role, or that nobody does."""
    district, said = district_of(code), request.POST.get("role", "")
    if said not in ContactRole.values:
        messages.info(request, "Choose a role.")
        return redirect("web:portfolio_district", code)
    role, wanted = ContactRole(said), id_in(request.POST.get("who", ""))
    who = next((one for one in list_staff(LOOKS_AFTER[role]) if one.pk == wanted), None)
    try:
        if who is not None:
            name_contact(district, role, who.account.name, who.account.email or "", by=actor_of(staff))
            messages.success(request, f"{who.account.name} looks after {district.name} now.")
        elif wanted is not None:
            messages.info(request, f"Choose somebody who works as {role.label}.")
        elif end_contact(district, role, by=actor_of(staff)):
            messages.success(request, f"{district.name} has no {role.label} now.")
    except BadContact as problem:
        messages.error(request, str(problem))
    return redirect("web:portfolio_district", code)
