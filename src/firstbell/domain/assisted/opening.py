"""How a case begins: a district asks, or Technical Services opens it on the district's behalf."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.models import Account, Membership, StaffMembership
from firstbell.domain.accounts.permissions import ROLE_PERMISSIONS, Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.advice.queries import find_products
from firstbell.domain.assisted.access import access_desk
from firstbell.domain.assisted.models import Case, CaseState, Form
from firstbell.domain.assisted.queries import CLOSED
from firstbell.domain.assisted.queueing import write_later
from firstbell.domain.assisted.states import due_of, keep, move, note
from firstbell.domain.assisted.thread import Said, ensure_text, write_down
from firstbell.domain.audit.actor import SYSTEM, Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

MOST_SCHOOLS = 200
LONGEST_NAME = 200
A_YEAR = timedelta(days=365)
MOST_OPEN = 10
"""So many cases of one district are open at once."""


class BadCase(ValueError):
    """A case cannot be so; ``field`` is what is wrong, the text says why."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wish:
    """What a district wants: for which schools and products, until when, who is the contact, with which templates."""

    contact_id: int
    schools: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    needed_by: date | None = None
    form: Form = Form.SIMPLE
    message: str = ""
    origin: str = field(default="", compare=False)


def list_contacts_here(district: District) -> list[Account]:
    """Who may be a case's contact person: adults who run the district, by name."""
    roles = [role for role, may in ROLE_PERMISSIONS.items() if Permission.MANAGE_CASES in may]
    members = Membership.objects.filter(district=district, role__in=roles, account__is_active=True)
    accounts = {one.account_id: one.account for one in members.select_related("account") if one.account.email}
    return sorted(accounts.values(), key=lambda account: (account.name.casefold(), account.pk))


def request_case(district: District, wish: Wish, *, now: datetime, by: Viewer) -> Case:
    """Ask for a case. Raises NotAllowed, and BadCase."""
    ensure_may(by, Permission.MANAGE_CASES)
    return _open(district, wish, now=now, by=by.actor, for_district=False)


def open_on_behalf(district: District, wish: Wish, staff: StaffMembership, *, now: datetime, by: Actor) -> Case:
    """Technical Services opens a case for a district, and has it. Raises NoSuchCase and BadCase."""
    access_desk(staff)
    case = _open(district, wish, now=now, by=by, for_district=True)
    with within(district):
        case.claimed_id, case.claimed_by = staff.account_id, staff.account.name
        keep(district, case)
        note(district, case, "case.claimed", by=by)
    return case


def find_pattern(district: District, *, now: datetime) -> Case | None:
    """The newest case of the last year: another one of the year is prefilled from it."""
    with within(district):
        cases = Case.objects.filter(district_id=district.pk).exclude(state=CaseState.CANCELLED)
        return cases.filter(created_at__gte=now - A_YEAR).order_by("-id").first()


def _open(district: District, wish: Wish, *, now: datetime, by: Actor, for_district: bool) -> Case:
    contact = _ensure_good(district, wish)
    with within(district):
        _ensure_few(district)
        before = find_pattern(district, now=now)
        case = Case.objects.create(
            district_id=district.pk,
            form=wish.form,
            schools=list(wish.schools),
            products=list(wish.products),
            needed_by=wish.needed_by,
            contact_id=contact.pk,
            contact_name=contact.name,
            contact_email=contact.email or "",
            requested_by=by.name,
            for_district=for_district,
            origin=wish.origin,
            since=now,
            due_at=due_of(district, CaseState.REQUESTED, now=now),
            before_id=before.pk if before else None,
        )
        detail = {"schools": len(wish.schools), "products": list(wish.products), "for_district": for_district}
        note(district, case, "case.requested", by=by, **detail)
        if wish.message.strip():
            write_down(district, case, Said(wish.message), by=by, services=for_district)
        if not needs_a_person(wish):
            move(district, case, CaseState.TEMPLATES, now=now, by=SYSTEM)
        keep(district, case)
        write_later(district, case, case.state)
    return case


def needs_a_person(wish: Wish) -> bool:
    """Whether Technical Services has to look at a request before the district fills in templates.

    Firstbell makes the templates by itself; a person decides which fit, whether the products take this method, and
    answers what was written along.
    """
    unfit = any("assisted" not in product.methods for product in find_products(wish.products))
    return wish.form == Form.UNSURE or unfit or bool(wish.message.strip())


def _ensure_few(district: District) -> None:
    if Case.objects.filter(district_id=district.pk).exclude(state__in=CLOSED).count() >= MOST_OPEN:
        raise BadCase("", f"{MOST_OPEN} cases are open already. Finish or cancel one of them first.")


def _ensure_good(district: District, wish: Wish) -> Account:
    """The contact person of a wish that can be. Raises BadCase."""
    if not district.lets_staff_in:
        raise BadCase(
            "", "Technical Services could not see the case. Let vendor staff in first, on the page of their visits."
        )
    contact = next((one for one in list_contacts_here(district) if one.pk == wish.contact_id), None)
    if contact is None:
        raise BadCase("contact", "Choose somebody who runs the district and signs in by e-mail.")
    if len(wish.schools) > MOST_SCHOOLS:
        raise BadCase("schools", f"Name at most {MOST_SCHOOLS} schools in one case.")
    if any(not name.isprintable() or len(name) > LONGEST_NAME for name in wish.schools):
        raise BadCase("schools", f"The name of a school has at most {LONGEST_NAME} characters, on a line of its own.")
    if len(find_products(wish.products)) != len(set(wish.products)):
        raise BadCase("products", "One of these products is not in the catalogue.")
    if wish.message.strip():
        ensure_text(wish.message)
    return contact
