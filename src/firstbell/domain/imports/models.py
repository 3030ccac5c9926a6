"""Runs: one pass of the pipeline over one source, its state, and the index that makes "why?" fast."""

from typing import ClassVar

from django.db import models

from firstbell.domain.roster.models import Source


class RunState(models.TextChoices):
    """Where a run stands. The table of moves is in ``states``."""

    RECEIVED = "received", "Received"
    WORKING = "working", "Working"
    HELD = "held", "Held"
    APPROVED = "approved", "Approved"
    APPLIED = "applied", "Applied"
    REFUSED = "refused", "Refused"
    DISCARDED = "discarded", "Discarded"
    UNDONE = "undone", "Undone"
    FAILED = "failed", "Failed"
    CHECKED = "checked", "Checked only"


class Run(models.Model):
    """One run. Counts and state live here; files, findings and changes in the run's folder (``imports.folder``)."""

    district_id = models.BigIntegerField()
    source = models.ForeignKey(Source, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=16, default="import")
    """import or undo."""
    state = models.CharField(max_length=16, choices=RunState.choices, default=RunState.RECEIVED)
    dry_run = models.BooleanField(default=False)
    replaces = models.BooleanField(default=False)
    """Of a list that people fill in: whom it leaves out in the schools that it names would go."""
    staged = models.BooleanField(default=False)
    """Only checked, and by the scope that its source will have from its cut-over on."""
    schools = models.JSONField(null=True)
    """Of a list of somebody who has some schools only: these (row ids), beyond which it changes nothing."""
    package_name = models.CharField(max_length=255)
    started_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, default="")
    """SHA-256 of the input as it came."""
    fingerprint = models.CharField(max_length=64, default="")
    """Digest, settings, engine and roster version: equal means that running again would change nothing."""
    format = models.CharField(max_length=64, default="")
    files = models.JSONField(default=dict)
    open_columns = models.JSONField(default=dict)
    """What of its files holds no demographics: file -> columns, null for the whole file (``engine.reported``)."""
    found = models.JSONField(default=dict)
    """Findings by severity."""
    counts = models.JSONField(default=dict)
    """Changes by table and action, as applied or (held, checked) as planned."""
    reasons = models.JSONField(default=list)
    """Why the run is held, as ``engine.guard.Reason`` in words and counts."""
    steps = models.JSONField(default=dict)
    """Seconds by step."""
    message = models.TextField(default="")
    """Why a run was refused or failed, in a sentence for people."""
    first_stamp = models.BigIntegerField(default=0)
    last_stamp = models.BigIntegerField(default=0)
    safe_part_applied = models.BooleanField(default=False)
    safe_counts = models.JSONField(default=dict)
    """Of a held run: the changes that may go while the rest waits, or went, by table and action."""
    only_safe_part = models.BooleanField(default=False)
    """The approval under which the run goes on is for that part alone."""
    others = models.JSONField(default=dict)
    """Of a held run, where only some schools look wrong: these (``schools``, row ids), and the changes (``counts``)
    that may go while they wait."""
    only_others = models.BooleanField(default=False)
    """The approval under which the run goes on is for all but those schools."""
    decided_by = models.CharField(max_length=200, default="")
    rekey = models.BooleanField(default=True)
    of_run_id = models.BigIntegerField(null=True)
    """The run that this one undoes."""
    version_of = models.BigIntegerField(null=True)
    """The run of the same files before some of their cells or columns were put right here."""
    conflicts = models.JSONField(default=list)
    """What an undo could not put back, and why."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "-id"], name="imports_run_newest"),
            models.Index(fields=["district_id", "first_stamp"], name="imports_run_stamp"),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.package_name}"

    @property
    def is_settled(self) -> bool:
        """True where nobody and nothing works on the run any more."""
        return self.state in {
            RunState.APPLIED,
            RunState.REFUSED,
            RunState.DISCARDED,
            RunState.UNDONE,
            RunState.FAILED,
            RunState.CHECKED,
        }

    @property
    def can_be_decided(self) -> bool:
        return self.state == RunState.HELD

    @property
    def has_safe_part(self) -> bool:
        """True where a person may let a part of the run go before the rest."""
        return self.can_be_decided and bool(self.safe_counts) and not self.safe_part_applied

    @property
    def has_others(self) -> bool:
        """True where a person may let all schools go but those that look wrong."""
        return self.can_be_decided and bool(self.others)

    @property
    def can_be_undone(self) -> bool:
        applied = self.state == RunState.APPLIED or (self.state == RunState.DISCARDED and self.safe_part_applied)
        return applied and self.kind == "import" and self.first_stamp > 0


class Touch(models.Model):
    """A run changed a row that was there before. Rows that a run added are found by their first stamp."""

    pk = models.CompositePrimaryKey("district_id", "kind", "row_id", "run_id")
    district_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    row_id = models.BigIntegerField()
    run_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"row {self.row_id} by run {self.run_id}"


class Acknowledgement(models.Model):
    """Somebody knows a cause of findings of a source, or one record of it (``sourced_id``), until a day.

    It changes what is told first, never what is applied.
    """

    district_id = models.BigIntegerField()
    source = models.ForeignKey(Source, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    code = models.CharField(max_length=64)
    file = models.TextField(default="")
    column = models.TextField(default="")
    sourced_id = models.CharField(max_length=255, default="")
    """Blank where it is about every record."""
    reason = models.CharField(max_length=500)
    until = models.DateField()
    """The last day, in the district, on which it holds."""
    given_by = models.CharField(max_length=200)
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["district_id", "source", "code", "file", "column", "sourced_id"], name="imports_known_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} in {self.file}, until {self.until}"
