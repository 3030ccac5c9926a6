"""Reading kept advice, the catalogue, and who has which product for whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from django.db.models import Exists, OuterRef, Q, QuerySet

from firstbell.domain.accounts.models import Account
from firstbell.domain.advice.answers import Method
from firstbell.domain.advice.catalogue import LicenceSaid
from firstbell.domain.advice.models import (
    Audience,
    ContactRequest,
    ContactRole,
    DistrictContact,
    Licence,
    Product,
    Prospect,
    RequestLine,
    RequestState,
    SetupPlan,
)
from firstbell.domain.advice.settings import AdviceSettings, Contact
from firstbell.domain.advice.takes import Takes
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.models import Class, Enrollment, Org, Role, User

THERE = Q(is_active=True, staff__isnull=False)
"""True for an account that works for the vendor."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Which requests of a district somebody may read: what they asked themselves, and what else is said here."""

    account_id: int = 0
    sent: bool = False
    """All that were sent to the vendor."""
    inside: bool = False
    """All that teachers and students asked inside the district."""
    schools: frozenset[int] = frozenset()
    """What the students of these schools (row ids) asked."""

    @property
    def condition(self) -> Q:
        """True for a request that is seen."""
        seen = Q(account_id=self.account_id) if self.account_id else Q(pk__in=())
        if self.sent:
            seen |= Q(audience=Audience.VENDOR)
        if self.inside:
            seen |= ~Q(audience=Audience.VENDOR)
        if self.schools:
            seen |= Q(audience=Audience.SCHOOL, schools__overlap=list(self.schools))
        return seen


ALL_SENT = Seen(sent=True)
"""What the vendor's people and the operator see."""
ALL = Seen(sent=True, inside=True)
NOTHING = Seen()


def find_prospect(reference: str) -> Prospect | None:
    """The prospect with this reference, however it is spelled."""
    return Prospect.objects.filter(reference=reference.strip().lower()).first()


def list_prospects(*, today: date, limit: int = 100) -> list[Prospect]:
    """Those that are still to be kept, the newest first."""
    return list(Prospect.objects.filter(keep_until__gte=today).order_by("-id")[:limit])


def find_plan(district: District) -> SetupPlan | None:
    """A district's set-up plan."""
    with within(district):
        return SetupPlan.objects.filter(district_id=district.pk).first()


def list_products(*, retired: bool = False) -> list[Takes]:
    """The catalogue by name; with those that nobody gets any more only where asked for."""
    products = Product.objects.all() if retired else Product.objects.filter(retired=False)
    return [_takes(product) for product in products.order_by("name", "code")]


def find_products(codes: Iterable[str]) -> list[Takes]:
    """The products with these codes that are there, by name."""
    products = Product.objects.filter(code__in=list(codes))
    return [_takes(product) for product in products.order_by("name", "code")]


@dataclass(frozen=True, slots=True)
class Licensed:
    """One product of a district: what it takes, for how many, and how many it would be shared with."""

    product: Takes
    seats: int | None
    schools: tuple[str, ...]
    grades: tuple[str, ...]
    classes: tuple[str, ...]
    students: int
    """Students on the roster whom the licence names."""

    @property
    def over(self) -> int:
        """So many more students than seats."""
        return 0 if self.seats is None else max(0, self.students - self.seats)


def list_licensed(district: District) -> list[Licensed]:
    """The products of a district, by name."""
    with within(district):
        licences = Licence.objects.filter(district_id=district.pk).select_related("product")
        return [
            licensed_as(licence, students_of(district, licence_said(licence)).count())
            for licence in licences.order_by("product__name", "id")
        ]


def licensed_as(licence: Licence, students: int) -> Licensed:
    """A licence with how many students it would be shared with."""
    schools, grades, classes = (tuple(words) for words in (licence.schools, licence.grades, licence.classes))
    return Licensed(_takes(licence.product), licence.seats, schools, grades, classes, students)


def licence_said(licence: Licence) -> LicenceSaid:
    """What a licence says, as a catalogue would."""
    return LicenceSaid(
        licence.product.code, licence.seats, tuple(licence.schools), tuple(licence.grades), tuple(licence.classes)
    )


def count_students(district: District, licence: LicenceSaid) -> int:
    """With how many students on the roster a product would be shared by this licence."""
    with within(district):
        return students_of(district, licence).count()


def students_of(district: District, licence: LicenceSaid) -> QuerySet[User]:
    """The students on the roster whom a licence names. Within the wall."""
    mine = {"district_id": district.pk, "removed_at": None}
    roles = Role.objects.filter(**mine, role="student", user_id=OuterRef("id"))
    if licence.schools:
        orgs = Org.objects.filter(**mine, sourced_id__in=licence.schools)
        roles = roles.filter(org_id__in=orgs.values("id"))
    students = User.objects.filter(Exists(roles), **mine)
    if licence.grades:
        students = students.filter(grades__overlap=licence.grades)
    if licence.classes:
        classes = Class.objects.filter(**mine, sourced_id__in=licence.classes)
        places = Enrollment.objects.filter(**mine, role="student", user_id=OuterRef("id"))
        students = students.filter(Exists(places.filter(class_id__in=classes.values("id"))))
    return students


def _takes(product: Product) -> Takes:
    return Takes(
        code=product.code,
        name=product.name,
        methods=cast("tuple[Method, ...]", tuple(product.methods)),
        formats=tuple(product.formats),
        sso=tuple(product.sso),
        roll_over=product.roll_over,
        retired=product.retired,
    )


def list_contacts(district: District) -> list[DistrictContact]:
    """Who of the vendor looks after a district, the one who gets its requests first; without those who left."""
    contacts = list(DistrictContact.objects.filter(district_id=district.pk))
    gone = find_gone(contact.email for contact in contacts)
    order = list(ContactRole)
    there = [contact for contact in contacts if contact.email not in gone]
    return sorted(there, key=lambda contact: order.index(ContactRole(contact.role)))


def find_gone(emails: Iterable[str]) -> set[str]:
    """Those of these addresses whose account is closed, or works for the vendor no more.

    An address without an account is somebody who answers by mail alone.
    """
    spelled = {email.lower(): email for email in emails}
    gone = Account.objects.filter(email__in=spelled).exclude(THERE)
    return {spelled[email] for email in gone.values_list("email", flat=True) if email}


def find_owner(district: District, settings: AdviceSettings) -> Contact:
    """Whose a new request of the district is: its first contact's, or the deployment's (the backup)."""
    contacts = list_contacts(district)
    return Contact(contacts[0].name, contacts[0].email) if contacts else settings.contact


def list_requests(
    district: District, seen: Seen = ALL_SENT, *, only_open: bool = False, limit: int = 100
) -> list[ContactRequest]:
    """Requests, the newest first: those that were sent to the vendor, or those that are seen otherwise."""
    with within(district):
        requests = ContactRequest.objects.filter(seen.condition, district_id=district.pk)
        if only_open:
            requests = requests.filter(state=RequestState.OPEN)
        return list(requests.order_by("-id")[:limit])


def list_answered(district: District, account_id: int, *, since: datetime) -> list[ContactRequest]:
    """What somebody asked that was answered since then, the newest answer first. Within the wall."""
    mine = ContactRequest.objects.filter(district_id=district.pk, account_id=account_id, answered_at__gte=since)
    return list(mine.order_by("-answered_at"))


def count_open(district: District, seen: Seen) -> int:
    """How many of them wait for an answer. Within the wall."""
    open_ones = ContactRequest.objects.filter(district_id=district.pk, state=RequestState.OPEN)
    return open_ones.filter(seen.condition).count()


def find_request(district: District, request_id: int, seen: Seen = ALL_SENT) -> ContactRequest | None:
    """One request of those that are seen."""
    with within(district):
        return ContactRequest.objects.filter(seen.condition, district_id=district.pk, pk=request_id).first()


def list_cared_for(email: str) -> list[int]:
    """The districts (ids) that somebody of the vendor looks after, in whichever role."""
    mine = DistrictContact.objects.filter(email=email.lower())
    return sorted(set(mine.values_list("district_id", flat=True)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests of all districts are wanted: who is asked for has to be one of these."""

    owner_email: str | None = None
    district_ids: Sequence[int] | None = None
    only_open: bool = True


def list_request_lines(wanted: Wanted, *, limit: int = 100) -> list[RequestLine]:
    """Requests of all districts, each with its district, the first that is due first (settled ones: the newest)."""
    lines = RequestLine.objects.select_related("district")
    if wanted.owner_email is not None or wanted.district_ids is not None:
        mine = Q(district_id__in=wanted.district_ids or [])
        if wanted.owner_email:
            mine |= Q(owner_email=wanted.owner_email)
        lines = lines.filter(mine)
    if wanted.only_open:
        return list(lines.filter(state=RequestState.OPEN).order_by("due_at", "id")[:limit])
    return list(lines.exclude(state=RequestState.OPEN).order_by("-id")[:limit])
