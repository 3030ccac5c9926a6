"""The vendor's people, and their visits to districts."""

from typing import ClassVar

from django.db import models

from firstbell.domain.accounts.models.account import Account
from firstbell.domain.districts.models import District


class StaffRole(models.TextChoices):
    """What someone is at the vendor, for all districts."""

    TECHNICAL_SERVICES = "technical_services", "Technical Services"
    CUSTOMER_SUCCESS = "customer_success", "Customer Success"
    ACCOUNT_EXECUTIVE = "account_executive", "Account Executive"
    OPERATOR = "operator", "Operator"


class StaffMembership(models.Model):
    """Somebody who works for the vendor. Global: it opens no district by itself (StaffVisit does)."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="staff")
    role = models.CharField(max_length=32, choices=StaffRole.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.role} {self.account_id}"


class StaffVisit(models.Model):
    """For a while, vendor staff see a district as its administrator does, and change nothing. Walled by district."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=32, choices=StaffRole.choices)
    reason = models.CharField(max_length=500)
    begun_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    ended_by = models.CharField(max_length=200, default="", blank=True)
    """Who ended it before its time."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district", "-id"], name="accounts_staffvisit_newest")]

    def __str__(self) -> str:
        return f"visit {self.pk}"
