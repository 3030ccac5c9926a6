"""Programs that read a district's roster, what they were given to sign in with, and how far their walks have come."""

import secrets
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from firstbell.domain.districts.models import District


def new_key() -> str:
    """A key for pseudonyms."""
    return secrets.token_hex(32)


class ApiClient(models.Model):
    """One program that reads one district's roster. Global: it names itself before a district is known."""

    district = models.ForeignKey(District, on_delete=models.CASCADE)
    client_id = models.CharField(max_length=64, unique=True)
    secret_hash = models.CharField(max_length=64)
    """SHA-256 of a secret of 256 random bits: nobody chooses it, so nothing slower is needed."""
    name = models.CharField(max_length=100)
    scopes = ArrayField(models.TextField())
    """OneRoster's scopes (URIs), of either version."""
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=200)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    """When it last got a token, or files."""
    grant_version = models.IntegerField(default=0)
    """Of the grant that holds; 0 is none, and everything that the scopes open is read."""
    is_limited = models.BooleanField(default=False)
    """Whether it reads less than all records, so that ``Shown`` says which."""
    is_anonymous = models.BooleanField(default=False)
    hidden = ArrayField(models.TextField(), default=list)
    """Members that it does not read, as ``users.email``."""
    begins = models.DateField(null=True)
    ends = models.DateField(null=True)
    """The first and the last day of the grant."""
    floor = models.BigIntegerField(default=0)
    """The stamp of the last change of what it reads of every record: no record is older to it."""
    shown_as_of = models.BigIntegerField(default=-1)
    """The stamp of the roster that ``Shown`` was made of."""
    pseudonym_key = models.CharField(max_length=64, default=new_key)
    """Of 256 random bits: who does not have it cannot tell whose a pseudonym is."""

    def __str__(self) -> str:
        return self.name


class AccessToken(models.Model):
    """What a client shows with each question, as its SHA-256. Gone with its client's revocation."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE)
    scopes = ArrayField(models.TextField())
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"token of {self.client_id}"


class Mark(models.Model):
    """Where a client's walk by offset has come: the record before this offset.

    An offset counts records, and records come and go between two pages: from a mark the walk goes on behind the record
    that it gave last. Unlogged: after a crash a walk goes on by counting.
    """

    pk = models.CompositePrimaryKey("district_id", "client_id", "question", "offset")
    district_id = models.BigIntegerField()
    client_id = models.BigIntegerField()
    question = models.CharField(max_length=64)
    """SHA-256 of what was asked, without limit and offset."""
    offset = models.BigIntegerField()
    sourced_id = models.TextField(db_collation="C")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district_id", "at"], name="sharing_mark_at")]

    def __str__(self) -> str:
        return f"offset {self.offset}"


class Grant(models.Model):
    """What a district lets one program read, from when until when, and who agreed to it. A change is a new version."""

    district_id = models.BigIntegerField()
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE)
    version = models.IntegerField()
    preset = models.CharField(max_length=16)
    schools = ArrayField(models.BigIntegerField(), null=True)
    """Organizations (row ids), with all below them; null is all. So with the other three."""
    grades = ArrayField(models.TextField(), null=True)
    terms = ArrayField(models.BigIntegerField(), null=True)
    roles = ArrayField(models.TextField(), null=True)
    hidden = ArrayField(models.TextField(), default=list)
    begins = models.DateField(null=True)
    ends = models.DateField(null=True)
    agreement = models.TextField(blank=True)
    """Which agreement it stands on, and who signed it for whom."""
    stamp = models.BigIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "client", "version"], name="sharing_grant_version")
        ]

    def __str__(self) -> str:
        return f"grant {self.version} of {self.client_id}"


class Shown(models.Model):
    """One record as one program knows it: that it is shown or was, by which id, and when that last changed.

    Made anew of the roster after each change of it, before the program reads on (``showing``). What was never shown
    is not here. ``kind`` is ``roster.columns.KINDS``.
    """

    pk = models.CompositePrimaryKey("district_id", "client_id", "kind", "row_id")
    district_id = models.BigIntegerField()
    client_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    row_id = models.BigIntegerField()
    sourced_id = models.TextField(db_collation="C")
    stamp = models.BigIntegerField()
    """The roster's stamp at which the program first could see the record as it is now."""
    is_shown = models.BooleanField()
    flipped = models.BigIntegerField()
    """The stamp at which it came or went."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "client_id", "kind", "sourced_id"], name="sharing_shown_published"),
            models.Index(fields=["district_id", "client_id", "kind", "stamp"], name="sharing_shown_stamp"),
        ]

    def __str__(self) -> str:
        return f"{self.sourced_id} to {self.client_id}"


if TYPE_CHECKING:
    _Field = models.Field[object, object]
else:
    _Field = models.Field


class RowIds(_Field):
    """Row ids as ranges: pages of a walk are mostly neighbours, and take a few bytes each."""

    def db_type(self, connection: object) -> str:
        """PostgreSQL's own."""
        return "int8multirange"


class Disclosure(models.Model):
    """What one question of a program was answered with: which records, by which version of its grant.

    Nobody can change or remove one. What was asked stands without the values, which may name somebody.
    """

    district_id = models.BigIntegerField()
    client_id = models.BigIntegerField()
    at = models.DateTimeField()
    grant_version = models.IntegerField()
    kind = models.SmallIntegerField()
    """``roster.columns.KINDS``."""
    asked = models.TextField()
    row_ids = RowIds()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "kind", "client_id", "at"], name="sharing_disclosure_kind")
        ]

    def __str__(self) -> str:
        return f"{self.asked} to {self.client_id}"


class Withheld(models.Model):
    """Somebody of whom one program, or every one, is told nothing: a family that opted out, a child in danger."""

    district_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE, null=True)
    """None: no program at all."""
    reason = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district_id", "user_id", "client"], name="sharing_withheld_once", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.client_id or 'all programs'}"
