"""Where files of what a program sees are left by a timetable."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from firstbell.domain.sharing.models.programs import ApiClient


class Outlet(models.Model):
    """An SFTP server on which files for one program are left, in which format, when, and how that went."""

    district_id = models.BigIntegerField()
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE)
    target = models.CharField(max_length=20)
    """The format (``exporting.FORMATS``)."""
    delta = models.BooleanField(default=False)
    """After the first time only what has changed since the last."""
    settings = models.JSONField(default=dict)
    """What a person entered; never a secret."""
    secrets = models.BinaryField(default=b"")
    """The secret settings as JSON, sealed with the district's key."""
    times = ArrayField(models.CharField(max_length=5), default=list)
    """In the district's time zone: ``02:05``."""
    weekdays = ArrayField(models.SmallIntegerField(), default=list)
    """Monday is 0."""
    pauses = models.JSONField(default=list)
    """Days on which nothing is left: ``first``, ``last`` and ``why``."""
    stamp = models.BigIntegerField(default=-1)
    """Of the roster that was left last; -1 where none was, or all of it is to be left again."""
    tries = models.PositiveSmallIntegerField(default=0)
    """In vain since the last moment of the timetable."""
    tried_at = models.DateTimeField(null=True)
    good_at = models.DateTimeField(null=True)
    says = models.TextField(default="")
    """What was left last, in a sentence."""
    trouble = models.TextField(default="")
    """What is in the way, in a sentence; blank where nothing is."""
    remedy = models.TextField(default="")
    trouble_since = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district_id", "client"], name="sharing_outlet_once")]

    def __str__(self) -> str:
        return f"outlet of {self.client_id}"


class OutletDue(models.Model):
    """When files are to be left next. One table for all districts, so that one look finds what is due."""

    outlet_id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"outlet {self.outlet_id} at {self.at.isoformat()}"
