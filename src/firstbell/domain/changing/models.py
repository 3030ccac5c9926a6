"""A change of method that somebody has set a day for."""

from django.db import models

from firstbell.domain.districts.models import Method


class PlannedChange(models.Model):
    """The method that a district changes to, and on which day. Walled by district; one at a time."""

    district_id = models.BigIntegerField(unique=True)
    method = models.CharField(max_length=16, choices=Method.choices)
    on = models.DateField()
    """The first day of the new method, in the district's time zone."""
    asked_by = models.CharField(max_length=200)
    waits = models.TextField(default="")
    """Why it did not come about on its day, in a sentence; blank where it still may."""

    def __str__(self) -> str:
        return f"{self.method} on {self.on}"
