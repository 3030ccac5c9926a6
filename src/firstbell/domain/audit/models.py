"""What happened."""

from typing import ClassVar

from django.db import models


class Event(models.Model):
    """One thing that somebody did. The application may add events and read them, and never change or remove one.

    Walled by district; an event of no district (`district_id` NULL) belongs to the installation.
    """

    district_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.CharField(max_length=64)
    actor_name = models.CharField(max_length=200)
    verb = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=64)
    subject_id = models.CharField(max_length=128)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "subject_kind", "subject_id", "-id"], name="audit_event_subject"),
            models.Index(fields=["district_id", "-id"], name="audit_event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind} {self.subject_id}"
