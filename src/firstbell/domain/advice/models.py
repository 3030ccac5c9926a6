"""Advice that is kept (a prospect's, a district's set-up plan), the catalogue of products, and who has which."""

import secrets
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from firstbell.domain.districts.models import District, Method

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike: people read a reference aloud."""


def new_reference() -> str:
    """A name to quote: ``k7fx-9wqe-m3tz``, 59 bits, so that nobody comes upon another's."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def _words() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=200), default=list)


class Prospect(models.Model):
    """Somebody's advice, before a district exists. Global: there is no district yet that it could be of.

    It is erased when its district opens (the plan has it then), and at ``keep_until`` in any case.
    """

    reference = models.CharField(max_length=32, unique=True, default=new_reference)
    district_name = models.CharField(max_length=200)
    nces = models.CharField(max_length=12, blank=True)
    """The number by which the National Center for Education Statistics knows the district or school."""
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    answers = models.JSONField(default=dict)
    products = _words()
    """Codes of the products that were chosen with the answers."""
    method = models.CharField(max_length=16, choices=Method.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    keep_until = models.DateField(db_index=True)
    told_at = models.DateTimeField(null=True)
    """When the contact of this deployment got it by mail."""

    def __str__(self) -> str:
        return self.reference


class SetupPlan(models.Model):
    """What a district was advised before it opened: how it means to begin. Walled by district."""

    district_id = models.BigIntegerField()
    reference = models.CharField(max_length=32)
    nces = models.CharField(max_length=12, blank=True)
    contact_name = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    answers = models.JSONField(default=dict)
    products = _words()
    method = models.CharField(max_length=16, choices=Method.choices)
    advised_at = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district_id"], name="advice_setupplan_one")]

    def __str__(self) -> str:
        return f"set-up plan of district {self.district_id}"


class Product(models.Model):
    """One product of the vendor's catalogue: what it takes. Global, and of no district."""

    code = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=500)
    methods = _words()
    formats = _words()
    sso = _words()
    roll_over = models.CharField(max_length=500, blank=True)
    retired = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Licence(models.Model):
    """What a district has of a product: how many seats, and whose. An empty list is all. Walled by district.

    Schools and classes are named by published ids, which stay for life, so a file can name them before they come.
    """

    district_id = models.BigIntegerField()
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    seats = models.PositiveIntegerField(null=True)
    """Students; None for as many as there are."""
    schools = _words()
    grades = _words()
    classes = _words()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district_id", "product"], name="advice_licence_once")]

    def __str__(self) -> str:
        return f"licence {self.pk} of district {self.district_id}"


class ContactRole(models.TextChoices):
    """Who of the vendor looks after a district. The first that is named gets its requests."""

    CUSTOMER_SUCCESS = "csm", "Customer Success Manager"
    ACCOUNT_EXECUTIVE = "ae", "Account Executive"


class DistrictContact(models.Model):
    """Who of the vendor looks after a district now. Global: the vendor's own list, by which its people find theirs.

    Whoever signs in by this address and works for the vendor has the district in their portfolio.
    """

    district_id = models.BigIntegerField()
    role = models.CharField(max_length=8, choices=ContactRole.choices)
    name = models.CharField(max_length=200)
    email = models.EmailField(db_index=True)
    """In small letters, as accounts have it."""
    named_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district_id", "role"], name="advice_contact_role")]

    def __str__(self) -> str:
        return self.name


class RequestState(models.TextChoices):
    """Who has the next step of a request."""

    OPEN = "open", "Waits for an answer"
    ANSWERED = "answered", "Answered"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Audience(models.TextChoices):
    """Whom a request is for: who answers it, and who reads it."""

    VENDOR = "vendor", "Firstbell"
    DISTRICT = "district", "The administrators of the district"
    SCHOOL = "school", "The office of the school"


class ContactRequest(models.Model):
    """Somebody of a district asks: the vendor, the district's administrators or their school. Walled by district.

    The owner is written down as it was: people come and go, and a request keeps whose it is.
    """

    district_id = models.BigIntegerField()
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.VENDOR)
    schools = ArrayField(models.BigIntegerField(), default=list)
    """Of a student's request: the schools (row ids) whose people answer it."""
    account_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    """Who on the roster asks, where that is known."""
    asked_as = models.CharField(max_length=32, blank=True)
    """What somebody was who asked, in a word: Teacher."""
    asked_by = models.CharField(max_length=200)
    asked_email = models.EmailField(blank=True)
    message = models.TextField()
    page = models.CharField(max_length=500, blank=True)
    """The address of the page that it is about."""
    owner_name = models.CharField(max_length=200)
    owner_email = models.EmailField(blank=True)
    state = models.CharField(max_length=16, choices=RequestState.choices, default=RequestState.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district_id", "state", "due_at"], name="advice_request_due")]

    def __str__(self) -> str:
        return f"request {self.pk}"


class RequestLine(models.Model):
    """A request as the vendor's lists show it. Global: whose it is and until when, and nothing that was written.

    It is written with every change of its request, and never read to decide anything about it.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    request_id = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=16, choices=RequestState.choices)
    owner_name = models.CharField(max_length=200)
    owner_email = models.EmailField(blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at", "id"], name="advice_line_waiting"),
            models.Index(fields=["district", "state"], name="advice_line_district"),
        ]

    def __str__(self) -> str:
        return f"request {self.request_id}: {self.state}"
