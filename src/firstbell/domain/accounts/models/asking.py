"""Who asks from outside: for a space, or for the place of an administrator who is gone."""

from typing import ClassVar

from django.db import models

from firstbell.domain.districts.models import District


class SpaceState(models.TextChoices):
    """What became of a request for a space."""

    ASKED = "asked", "Waits for Firstbell"
    OPENED = "opened", "Opened"
    REFUSED = "refused", "Refused"


class SpaceRequest(models.Model):
    """A school or district asks for its own space. Global: there is no district yet."""

    name = models.CharField(max_length=200)
    nces_number = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=64)
    person_name = models.CharField(max_length=200)
    email = models.EmailField()
    is_one_school = models.BooleanField(default=False)
    """Whether it is one school, which begins with itself, a year-long term and a homeroom a grade."""
    grades = models.JSONField(default=list)
    """Of one school: the grades that it has."""
    state = models.CharField(max_length=16, choices=SpaceState.choices, default=SpaceState.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_by = models.CharField(max_length=200, blank=True)
    district = models.ForeignKey(District, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="accounts_spacerequest_waiting")]

    def __str__(self) -> str:
        return self.name


class SuccessionState(models.TextChoices):
    """Where it stands that somebody asks to become administrator of a district that has none to ask any more."""

    ASKED = "asked", "Asked"
    CHECKED = "checked", "Checked once"
    ANNOUNCED = "announced", "Can be objected to"
    INVITED = "invited", "Invited"
    REFUSED = "refused", "Refused"
    OBJECTED = "objected", "Objected to"


class Succession(models.Model):
    """Somebody asks for the place of an administrator who is gone (accounts.succession).

    Global: who asks is in no district yet, and who answers works for the vendor.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    person_name = models.CharField(max_length=200)
    email = models.EmailField()
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=16, choices=SuccessionState.choices, default=SuccessionState.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    first_account_id = models.BigIntegerField(null=True)
    """Who of the vendor made sure first who asks; somebody else has to do it again."""
    first_by = models.CharField(max_length=200, blank=True)
    first_how = models.CharField(max_length=500, blank=True)
    second_by = models.CharField(max_length=200, blank=True)
    second_how = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField(null=True)
    """Until then an administrator of the district can object; after it who asks is invited."""
    ended_by = models.CharField(max_length=200, blank=True)
    ended_why = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="accounts_succession_waiting"),
            models.Index(fields=["district", "-id"], name="accounts_succession_newest"),
        ]

    def __str__(self) -> str:
        return f"succession {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether anything can still come of it."""
        return self.state in {SuccessionState.ASKED, SuccessionState.CHECKED, SuccessionState.ANNOUNCED}
