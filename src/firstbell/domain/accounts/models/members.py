"""What an account may be in a district, and how it comes to be that."""

from typing import ClassVar

from django.db import models

from firstbell.domain.accounts.models.account import Account
from firstbell.domain.districts.models import District


class Role(models.TextChoices):
    """What someone is in a district."""

    DISTRICT_ADMINISTRATOR = "district_administrator", "District administrator"
    IT_ADMINISTRATOR = "it_administrator", "IT administrator"
    PRINCIPAL = "principal", "Principal"
    REGISTRAR = "registrar", "Registrar"
    TEACHER = "teacher", "Teacher"
    STUDENT = "student", "Student"


class Membership(models.Model):
    """An account's role in a district. Global: it is read to learn which district someone is of."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=32, choices=Role.choices)
    person_id = models.BigIntegerField(null=True)
    """The roster's user row whom this is, if on the roster. No foreign key: the roster is above this app."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "district", "role"], name="accounts_membership_once")
        ]
        indexes: ClassVar = [models.Index(fields=["district", "person_id"], name="accounts_membership_person")]

    def __str__(self) -> str:
        return f"{self.role} of district {self.district_id}"


class Invitation(models.Model):
    """A link by which an adult proves their address, sets a password and gets a membership. Walled by district.

    The link's secret is known to who has it; here is its digest. It opens once, until its day, unless it is taken back.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=32, choices=Role.choices)
    person_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    invited_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "digest"], name="accounts_invitation_digest")
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"
