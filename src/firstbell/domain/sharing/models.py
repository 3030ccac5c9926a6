"""Programs that read a district's roster, what they were given to sign in with, and how far their walks have come."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from firstbell.domain.districts.models import District


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
    """When it last got a token."""

    def __str__(self) -> str:
        return self.name


class AccessToken(models.Model):
    """What a client shows with each question, as its SHA-256. Gone with its client's revocation."""

    token_hash = models.CharField(max_length=64, primary_key=True)
    client = models.ForeignKey(ApiClient, on_delete=models.DB_CASCADE)
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
