"""Tokens by which a program manages a district in the name of a member."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from firstbell.domain.accounts.models.members import Membership


class ApiToken(models.Model):
    """What a program shows, as its SHA-256. Global: it names itself before a district is known.

    It may do what its member may, and of that only what it was made for; it ends with the membership.
    """

    district_id = models.BigIntegerField()
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE)
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    """Of 256 random bits: nobody chooses it, so nothing slower is needed."""
    permissions = ArrayField(models.TextField())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)
    """The day of its last question (UTC)."""
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
