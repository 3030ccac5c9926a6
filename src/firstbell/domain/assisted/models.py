"""A case, what is said on it, what the district says of each account, and its line in the vendor's queue."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from firstbell.domain.accounts.models import Account
from firstbell.domain.districts.models import District


class CaseState(models.TextChoices):
    """Where a case stands. The table of moves is in ``states``."""

    REQUESTED = "requested", "Requested"
    TEMPLATES = "templates", "Templates ready"
    RECEIVED = "received", "Files received"
    CHECKED = "checked", "Checked"
    PLANNED = "planned", "Plan ready"
    RETURNED = "returned", "Returned"
    IMPORTED = "imported", "Imported"
    VERIFIED = "verified", "Verified"
    SIGNED_OFF = "signed_off", "Signed off"
    CANCELLED = "cancelled", "Cancelled"


class Side(models.TextChoices):
    """Who has the next step."""

    DISTRICT = "district", "The district"
    SERVICES = "services", "Technical Services"
    FIRSTBELL = "firstbell", "Firstbell"
    NOBODY = "nobody", "Nobody"


class Form(models.TextChoices):
    """Which templates the district fills in."""

    SIMPLE = "simple", "Simple: two sheets, educators and students"
    FULL = "full", "Full: schools, classes, educators and students, joined by numbers"
    UNSURE = "unsure", "Help me choose"


def _words() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=200), default=list)


class Case(models.Model):
    """One One-Time Assisted import, from request to sign-off. Walled by district."""

    district_id = models.BigIntegerField()
    state = models.CharField(max_length=16, choices=CaseState.choices, default=CaseState.REQUESTED)
    form = models.CharField(max_length=16, choices=Form.choices)
    schools = _words()
    products = _words()
    """Codes of products of the catalogue."""
    needed_by = models.DateField(null=True)
    contact_id = models.BigIntegerField()
    """The account of the contact person, who alone gets the log-ins."""
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField(blank=True)
    requested_by = models.CharField(max_length=200)
    for_district = models.BooleanField(default=False)
    """Opened by Technical Services on the district's behalf."""
    origin = models.CharField(max_length=200, blank=True)
    """The address of the site as who asked knows it: letters link there."""
    created_at = models.DateTimeField(auto_now_add=True)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    warned_at = models.DateTimeField(null=True)
    claimed_id = models.BigIntegerField(null=True)
    """The account of Technical Services that has the case."""
    claimed_by = models.CharField(max_length=200, blank=True)
    run_id = models.BigIntegerField(null=True)
    """The run of the files that count now."""
    before_id = models.BigIntegerField(null=True)
    """The case that this one was prefilled from."""
    asks = models.BooleanField(default=False)
    """The district asked or marked something that Technical Services has not answered."""
    handed_at = models.DateTimeField(null=True)
    """When the contact took the log-ins."""
    closed_at = models.DateTimeField(null=True)
    receipt = models.JSONField(default=dict)
    """What was signed off, in counts."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district_id", "-id"], name="assisted_case_newest")]

    def __str__(self) -> str:
        return f"case {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state not in {CaseState.SIGNED_OFF, CaseState.CANCELLED}


class Message(models.Model):
    """Something that was said on a case, or on one finding of it. Walled by district; goes with the files."""

    district_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    side = models.CharField(max_length=16, choices=Side.choices)
    author = models.CharField(max_length=200)
    text = models.TextField()
    code = models.CharField(max_length=64, blank=True)
    """The finding that it is about, with its file and column; blank where it is about the case."""
    file = models.TextField(blank=True)
    column = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district_id", "case_id", "id"], name="assisted_message_of_case")]

    def __str__(self) -> str:
        return f"message {self.pk} of case {self.case_id}"


class Upload(models.Model):
    """One version of a case's files: the run that they came with. Walled by district."""

    district_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    by = models.CharField(max_length=200)
    note = models.CharField(max_length=500, blank=True)
    """Why it is another version, where it is no new upload: a value that Technical Services put right."""
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "run_id"], name="assisted_upload_run"),
            models.UniqueConstraint(fields=["district_id", "case_id", "version"], name="assisted_upload_version"),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of case {self.case_id}"


class Verdict(models.TextChoices):
    """What the district says of one account."""

    RIGHT = "right", "Right"
    WRONG = "wrong", "Wrong"


class Answer(models.Model):
    """What the district says of one account that was asked for, and what was answered. Walled by district.

    The account is named by its place in the files: file and record. ``person_id`` is the row on the roster, if any.
    """

    district_id = models.BigIntegerField()
    case_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    file = models.TextField()
    record = models.PositiveIntegerField()
    person_id = models.BigIntegerField(null=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    note = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)
    reply = models.CharField(max_length=500, blank=True)
    replied_by = models.CharField(max_length=200, blank=True)
    replied_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "run_id", "file", "record"], name="assisted_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.verdict}: record {self.record} of case {self.case_id}"


class Line(models.Model):
    """A case as the vendor's queue shows it. Global: it holds no roster, only where a case stands and who has it.

    It is written with every change of its case (``states``), and never read to decide anything about it.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    case_id = models.BigIntegerField(unique=True)
    state = models.CharField(max_length=16, choices=CaseState.choices)
    waits_for = models.CharField(max_length=16, choices=Side.choices)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    needed_by = models.DateField(null=True)
    opened_at = models.DateTimeField()
    claimed = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, related_name="+")
    claimed_by = models.CharField(max_length=200, blank=True)
    is_clean = models.BooleanField(default=False)
    """The plan is ready and nothing is wrong with the files."""
    causes = models.JSONField(default=list)
    """Kinds of findings, as code, file of the template and count: no cell of anybody's."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["waits_for", "due_at", "id"], name="assisted_line_waiting"),
            models.Index(fields=["claimed", "due_at", "id"], name="assisted_line_claimed"),
            models.Index(fields=["district"], name="assisted_line_district"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id}: {self.state}"


class SavedReply(models.Model):
    """Words that Technical Services writes often. Global: of no district."""

    title = models.CharField(max_length=100, unique=True)
    text = models.TextField()
    by = models.CharField(max_length=200)
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.title
