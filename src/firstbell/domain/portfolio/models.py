"""How far a district is, and which weeks somebody had a letter about theirs. Both global: counts, and no roster."""

from typing import ClassVar

from django.db import models

from firstbell.domain.accounts.models import Account
from firstbell.domain.districts.models import District


class Stage(models.TextChoices):
    """Where a district stands, as far as its roster goes. An open case says more than any of these."""

    NO_ROSTER = "no_roster", "No roster yet"
    TROUBLE = "trouble", "A source does not work"
    HELD = "held", "A run waits for a decision"
    GETTING_READY = "getting_ready", "Getting ready"
    READY = "ready", "Ready"


class Standing(models.Model):
    """Where a district stood when it was last looked at. Global: numbers of schools and people, and nobody's name."""

    district = models.OneToOneField(District, on_delete=models.CASCADE, primary_key=True, related_name="+")
    stage = models.CharField(max_length=16, choices=Stage.choices)
    since = models.DateTimeField()
    """Since when it stands there: what is not ready for long is stuck."""
    schools = models.PositiveIntegerField(default=0)
    ready_schools = models.PositiveIntegerField(default=0)
    students = models.PositiveIntegerField(default=0)
    lacks = models.JSONField(default=dict)
    """How many lack what, over all schools, by ``readiness.Lack``."""
    counted_stamp = models.BigIntegerField(default=-1)
    """The roster's version that was counted."""
    counted_at = models.DateTimeField(null=True)
    in_step_at = models.DateTimeField(null=True)
    """When the roster was last known to be in step with each of its sources; without any, when a run was applied."""
    is_paused = models.BooleanField(default=False)
    """Whether somebody has paused a source."""
    looked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stage", "since"], name="portfolio_standing_stage")]

    def __str__(self) -> str:
        return f"district {self.district_id}: {self.stage}"


class Weekly(models.Model):
    """Somebody of the vendor had the letter of a week (its Monday)."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    week = models.DateField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["account", "week"], name="portfolio_weekly_once")]

    def __str__(self) -> str:
        return f"{self.week} for account {self.account_id}"
