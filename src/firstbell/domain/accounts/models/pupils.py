"""How people of the roster sign in: credentials, badges, printed cards; and who guesses."""

from typing import ClassVar

from django.db import models

from firstbell.domain.accounts.models.account import Account
from firstbell.domain.districts.models import District


class Credential(models.Model):
    """A username and password that the district gave to a person on its roster. Walled by district."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    username = models.CharField(max_length=254)
    username_key = models.CharField(max_length=254)
    """The username as compared: normalised and casefolded (accounts.usernames)."""
    password = models.CharField(max_length=256)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "username_key"], name="accounts_credential_username"),
            models.UniqueConstraint(fields=["district", "user_id"], name="accounts_credential_user"),
        ]

    def __str__(self) -> str:
        return f"credential {self.pk}"


class Badge(models.Model):
    """A code that signs a student in by itself. Walled by district.

    Its secret is found by a digest, and kept sealed with the district's key, so that it can be printed again.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "digest"], name="accounts_badge_digest"),
            models.UniqueConstraint(
                fields=["district", "user_id"], condition=models.Q(voided_at=None), name="accounts_badge_open"
            ),
        ]

    def __str__(self) -> str:
        return f"badge {self.pk}"


class CardKind(models.TextChoices):
    """What stands on a card beside the name."""

    PASSWORD = "password", "Username and a new password"
    BADGE = "badge", "A badge to scan"
    USERNAME = "username", "Username only"


class PrintedCard(models.Model):
    """A card of a student was printed, and what it says still holds. Walled by district."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=CardKind.choices)
    printed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "user_id", "kind"], name="accounts_printedcard_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} card of {self.user_id}"


class Guesses(models.Model):
    """How often a log-in failed lately, by a digest of whose it was or where from (accounts.throttle). Names nobody."""

    bucket = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_guesses"

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"
