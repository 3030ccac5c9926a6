"""Addresses of programs that are told of changes, what they were told, and what they did not take."""

from typing import ClassVar

from django.db import models

from firstbell.domain.sharing.models.programs import ApiClient


class Webhook(models.Model):
    """Where one program is told of changes, and how far it was."""

    district_id = models.BigIntegerField()
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE)
    url = models.CharField(max_length=2000)
    secret = models.BinaryField()
    """Signs what is sent; sealed with the district's key."""
    cursor = models.TextField()
    """Of the feed: what stands behind it is still to be told."""
    trouble = models.TextField(default="")
    """What is in the way, in a sentence; blank where nothing is."""
    taken_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district_id", "client"], name="sharing_webhook_once")]

    def __str__(self) -> str:
        return f"webhook of {self.client_id}"


class Delivery(models.Model):
    """A part of the feed that a program is told in one message: which, never what.

    What it says is made anew for each try, so a message that waits shows nothing that the grant no longer does.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        TAKEN = "taken", "Taken"
        DEAD = "dead", "Not taken"
        OLD = "old", "Too old"

    district_id = models.BigIntegerField()
    client = models.ForeignKey(ApiClient, on_delete=models.CASCADE)
    key = models.CharField(max_length=32)
    """The same with each try, so that a program does not do twice what came twice."""
    begins = models.TextField()
    ends = models.TextField()
    """Cursors of the feed: what stands behind the first, up to the second."""
    changes = models.IntegerField()
    """How many when it was made."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(default="")
    due_at = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "client", "key"], name="sharing_delivery_key")
        ]
        indexes: ClassVar = [models.Index(fields=["district_id", "client", "-id"], name="sharing_delivery_newest")]

    def __str__(self) -> str:
        return self.key


class Calling(models.Model):
    """Up to which stamp a program was told, and not before when it is told on. One table for all districts, so that
    one look finds whom there is something to tell."""

    client_id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    stamp = models.BigIntegerField()
    """-1 while something waits."""
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"program {self.client_id} up to {self.stamp}"
