"""Connections of sources, when they are fetched from, and each time that they were."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from firstbell.domain.roster.models import Source


class Connection(models.Model):
    """How the roster of a source comes. A source without one takes uploads only."""

    district_id = models.BigIntegerField()
    source = models.ForeignKey(Source, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    settings = models.JSONField(default=dict)
    """What a person entered, by the kind's names of settings; never a secret."""
    secrets = models.BinaryField(default=b"")
    """The secret settings as JSON, sealed with the district's key (``secrets``)."""
    memory = models.TextField(default="")
    """What the connector is told of its last fetch that was applied."""
    whole_at = models.DateTimeField(null=True)
    """When everything was last fetched, and applied."""
    password_digest = models.CharField(max_length=64, default="")
    """SHA-256 of the drop's password or token, which we made: too long to be guessed, and shown once."""
    password_at = models.DateTimeField(null=True)
    public_keys = models.TextField(default="")
    """Of an SFTP drop: keys that may sign in, one a line, as OpenSSH writes them."""
    rehearsed_at = models.DateTimeField(null=True)
    """When the first sync was applied, which a named person had approved; until then every run waits."""
    paused = models.TextField(default="")
    """Why nothing is fetched and nothing taken until a person lets it go on; blank where it goes on."""
    times = ArrayField(models.CharField(max_length=5), default=list)
    """When it is fetched, in the district's time zone: ``02:05``."""
    weekdays = ArrayField(models.SmallIntegerField(), default=list)
    """On which days, Monday is 0."""
    pauses = models.JSONField(default=list)
    """Days on which nothing is fetched: ``first`` and ``last`` (ISO dates, both included) and ``why``."""
    last_tried_at = models.DateTimeField(null=True)
    last_good_at = models.DateTimeField(null=True)
    """When the roster was last known to be in step with this source."""
    trouble = models.TextField(default="")
    """What is in the way, in a sentence; blank where nothing is."""
    remedy = models.TextField(default="")
    trouble_since = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "source"], name="sources_connection_of")
        ]

    def __str__(self) -> str:
        return f"connection of source {self.source_id}"


class Sync(models.Model):
    """One time that a source was to be fetched from: by its schedule, or because somebody asked."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUN = "run", "A run began"
        NOTHING_NEW = "nothing_new", "Nothing new"
        PAUSED = "paused", "Paused there"
        TROUBLE = "trouble", "Did not work"
        DROPPED = "dropped", "Left out"

    district_id = models.BigIntegerField()
    source = models.ForeignKey(Source, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    slot = models.DateTimeField()
    """The moment of the schedule, or when it was asked for: one sync each, whatever happens."""
    asked_by = models.CharField(max_length=200, default="")
    """Blank where the schedule asked."""
    whole = models.BooleanField(default=False)
    staged = models.BooleanField(default=False)
    """Fetched to look at next year: nothing of it is applied."""
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    run_id = models.BigIntegerField(null=True)
    completeness = models.CharField(max_length=16, default="")
    memory = models.TextField(default="")
    """What the connection remembers once the run is applied."""
    says = models.TextField(default="")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "source", "slot"], name="sources_sync_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["district_id", "source", "-slot"], name="sources_sync_newest")]

    def __str__(self) -> str:
        return f"sync of source {self.source_id} at {self.slot.isoformat()}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.WAITING


class Due(models.Model):
    """When a source is to be fetched from next. One table for all, so that one look finds what is due."""

    source_id = models.BigIntegerField(primary_key=True)
    district_id = models.BigIntegerField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"source {self.source_id} at {self.at.isoformat()}"


class NoticeKind(models.TextChoices):
    """What somebody may be told of."""

    HELD = "held", "A run waits for a person"
    FAILED = "failed", "A roster could not be fetched or used"
    RECOVERED = "recovered", "It works again"
    FIRST_DONE = "first_done", "The first sync is done"
    PAUSE = "pause", "Days off begin tomorrow"
    NEWCOMERS = "newcomers", "New students wait for their cards"
    LEAVING = "leaving", "The last day of people comes who were added by hand"
    OUTLET = "outlet", "Files for a program could not be left"
    FINDINGS = "findings", "Records of a school are newly left out"
    DIGEST = "digest", "Every Monday: how the week went"


class Notice(models.Model):
    """Something that people of a district are told of, once (``key``)."""

    district_id = models.BigIntegerField()
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=NoticeKind.choices)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    """Words for people: of sources, runs and numbers, never a name of the roster."""
    path = models.CharField(max_length=200)
    """The page where it goes on, below the district's address."""
    run_id = models.BigIntegerField(null=True)
    source_id = models.BigIntegerField(null=True)
    told = models.JSONField(default=list)
    """Accounts that have the letter already: a worker may die between two."""
    called = models.BooleanField(default=False)
    """Whether the district's own program has it."""
    escalated_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["district_id", "key"], name="sources_notice_once")]

    def __str__(self) -> str:
        return self.key


class NoticeChoice(models.Model):
    """What one person wants to be told of, where that is not what their role is told by itself."""

    district_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    kinds = ArrayField(models.CharField(max_length=16), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "account_id"], name="sources_choice_once")
        ]

    def __str__(self) -> str:
        return f"choice of account {self.account_id}"


class Question(models.Model):
    """A letter to whoever keeps the student information system, about a run that waits."""

    district_id = models.BigIntegerField()
    source_id = models.BigIntegerField()
    run_id = models.BigIntegerField()
    to = models.EmailField()
    body = models.TextField()
    asked_by = models.CharField(max_length=200)
    reply_to = models.EmailField(blank=True)
    sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district_id", "source_id", "-id"], name="sources_question_newest")]

    def __str__(self) -> str:
        return f"question about run {self.run_id}"


class Webhook(models.Model):
    """A program of the district that is told too."""

    district_id = models.BigIntegerField(unique=True)
    url = models.CharField(max_length=2000)
    secret = models.BinaryField()
    """Signs what is sent; sealed with the district's key."""
    trouble = models.TextField(default="")

    def __str__(self) -> str:
        return f"webhook of district {self.district_id}"
