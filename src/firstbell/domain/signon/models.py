"""Connections to identity providers, who came through them, and as whom they came before."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Key(models.TextChoices):
    """What the roster and the identity provider both know of a person. Never a name."""

    SOURCED_ID = "sourced_id", "The id that the SIS gives the person (sourcedId)"
    IDENTIFIER = "identifier", "The person’s number (identifier)"
    USER_ID = "user_id", "An id of another system (userIds)"
    USERNAME = "username", "The username"
    EMAIL = "email", "The e-mail address, where the provider has verified it"


class Serves(models.TextChoices):
    """Whom a connection is for."""

    EVERYONE = "everyone", "Students and staff"
    STUDENTS = "students", "Students"
    STAFF = "staff", "Staff"


class Connection(models.Model):
    """One identity provider of a district, and how its log-ins are found on the roster. Walled by district."""

    district_id = models.BigIntegerField()
    preset = models.CharField(max_length=32)
    """Which provider, by its code in ``presets``."""
    name = models.CharField(max_length=60)
    """What its button says after *Sign in with*."""
    settings = models.JSONField(default=dict)
    """What a person entered, by the preset's names of settings; never a secret."""
    secrets = models.BinaryField(default=b"")
    """The secret settings, sealed with the district's key."""
    secret_ends_on = models.DateField(null=True)
    """When the provider takes the secret no more, where somebody said so."""
    key = models.CharField(max_length=16, choices=Key.choices)
    key_type = models.CharField(max_length=60, default="", blank=True)
    """Of the key USER_ID: which type of userIds."""
    claim = models.CharField(max_length=200)
    """What the provider calls it."""
    serves = models.CharField(max_length=16, choices=Serves.choices, default=Serves.EVERYONE)
    email_domains = ArrayField(models.CharField(max_length=253), default=list)
    """In lower case. Of the key EMAIL: the only ones that count."""
    school_ids = ArrayField(models.BigIntegerField(), default=list)
    """Schools (row ids) that begin with it; none for all."""
    is_on = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    carried_as_of = models.BigIntegerField(default=-1)
    """Of the key USER_ID: the stamp of the roster that ``Carried`` is of."""
    tested_at = models.DateTimeField(null=True)
    """When a test sign-in last found somebody on the roster."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district_id", "name"], name="signon_connection_name")]

    def __str__(self) -> str:
        return self.name


class Outcome(models.TextChoices):
    """How a sign-in ended."""

    IN = "in", "Signed in"
    REFUSED = "refused", "Refused"
    FAILED = "failed", "Did not work"
    """The provider, or the way to it."""


class SignIn(models.Model):
    """One time that somebody came back from an identity provider. Walled by district; kept as long as people are."""

    district_id = models.BigIntegerField()
    connection = models.ForeignKey(Connection, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    value = models.CharField(max_length=200, default="")
    """What the provider sent as the key."""
    person_id = models.BigIntegerField(null=True)
    """Whom on the roster it was taken for."""
    says = models.TextField(default="")
    """Why not, for an administrator; blank where somebody is in. Names nobody."""
    remedy = models.TextField(default="")
    another_subject = models.CharField(max_length=255, default="")
    """Refused since this log-in of the provider was another's, or the person's was another: somebody may allow it."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "connection", "-id"], name="signon_signin_newest"),
            models.Index(fields=["district_id", "person_id"], name="signon_signin_person"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.pk}"


class Tie(models.Model):
    """Which log-in of a provider is which person: told by their first sign-in. Walled by district."""

    district_id = models.BigIntegerField()
    connection = models.ForeignKey(Connection, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    subject = models.CharField(max_length=255)
    """What the provider itself calls the log-in, and gives to nobody else."""
    person_id = models.BigIntegerField()
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "connection", "subject"], name="signon_tie_subject"),
            models.UniqueConstraint(fields=["district_id", "connection", "person_id"], name="signon_tie_person"),
        ]

    def __str__(self) -> str:
        return f"tie of person {self.person_id}"


class Carried(models.Model):
    """The id of another system that somebody carries, by which a connection finds them (``carrying``). Walled."""

    pk = models.CompositePrimaryKey("district_id", "connection_id", "user_id")
    district_id = models.BigIntegerField()
    connection = models.ForeignKey(Connection, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    user_id = models.BigIntegerField()
    value = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district_id", "connection", "value"], name="signon_carried_value")]

    def __str__(self) -> str:
        return f"id of {self.user_id}"
