"""Programs that people open from their first page, signed in."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.signon.models import Serves


class Launch(models.Model):
    """How one program is opened. Walled by district; what the program is told is its grant's to say."""

    district_id = models.BigIntegerField()
    program = models.ForeignKey(ApiClient, on_delete=models.CASCADE, related_name="+")
    client_id = models.CharField(max_length=100)
    """By which the program names itself when it signs somebody in: the id of a client of allauth's."""
    start_url = models.URLField(max_length=2000)
    """Where the program begins a sign-in with us."""
    redirect_uris = ArrayField(models.URLField(max_length=2000))
    """Where it takes people back, exactly."""
    serves = models.CharField(max_length=16, choices=Serves.choices, default=Serves.EVERYONE)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "program"], name="launch_launch_once"),
            models.UniqueConstraint(fields=["district_id", "client_id"], name="launch_launch_client"),
        ]

    def __str__(self) -> str:
        return f"launch of {self.program_id}"


class SigningKey(models.Model):
    """The key by which a district says who somebody is. Walled by district."""

    district_id = models.BigIntegerField(unique=True)
    sealed = models.BinaryField()
    """A private key of 2048 bits (PEM), sealed with the district's key."""
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"signing key of district {self.district_id}"
