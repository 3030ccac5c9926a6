"""What people did to the roster in the product, and what has to be remembered of it."""

from typing import ClassVar

from django.db import models


class Edit(models.Model):
    """What somebody did to one row in the product. Who and when is told by the event of the audit.

    Before and after stand here and not there: they are of people, and can be erased; the audit cannot.
    """

    district_id = models.BigIntegerField()
    event_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    row_id = models.BigIntegerField()
    action = models.CharField(max_length=10)
    """added, updated, removed or restored."""
    stamp = models.BigIntegerField()
    before = models.JSONField(default=dict)
    """Canonical text by column, references as row ids: the whole row, or of an update the fields that changed."""
    after = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "kind", "row_id"], name="roster_edit_row"),
            models.Index(fields=["district_id", "event_id"], name="roster_edit_event"),
        ]

    def __str__(self) -> str:
        return f"{self.action} row {self.row_id}"


class KeptField(models.Model):
    """A field of a source's row that the district keeps for itself: the source leaves it alone from then on."""

    pk = models.CompositePrimaryKey("district_id", "kind", "row_id", "column")
    district_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    row_id = models.BigIntegerField()
    column = models.CharField(max_length=64)
    """The canonical column."""

    def __str__(self) -> str:
        return f"{self.column} of row {self.row_id}"


class Tombstone(models.Model):
    """Somebody was erased. It tells nobody who; a file that brings them again is recognised by it, and waits."""

    pk = models.CompositePrimaryKey("district_id", "fingerprint")
    district_id = models.BigIntegerField()
    fingerprint = models.CharField(max_length=64)
    """Of what a source called them, or of their username or ID (``districts.sealing.fingerprints_of``)."""
    event_id = models.BigIntegerField()
    """The receipt."""

    def __str__(self) -> str:
        return f"receipt {self.event_id}"


class Leaving(models.Model):
    """The last day on which somebody who is kept by hand is on the roster (``editing.leaving``)."""

    pk = models.CompositePrimaryKey("district_id", "person_id")
    district_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    last_day = models.DateField()
    warned_at = models.DateTimeField(null=True)
    """When somebody was told that the day comes."""

    def __str__(self) -> str:
        return f"person {self.person_id} until {self.last_day.isoformat()}"


class Merge(models.Model):
    """Two rows turned out to be one person: one stays, the other is removed and leads to it (``editing.merging``)."""

    district_id = models.BigIntegerField()
    event_id = models.BigIntegerField()
    gone_id = models.BigIntegerField()
    kept_id = models.BigIntegerField()
    moved = models.JSONField(default=dict)
    """What went from one row to the other beside fields, for undoing it (``editing.moved``)."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "gone_id"], name="roster_merge_gone"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["district_id", "kept_id"], name="roster_merge_kept"),
            models.Index(fields=["district_id", "event_id"], name="roster_merge_event"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"


class NotTheSame(models.Model):
    """Somebody decided that two rows are two people: nobody is asked about them again."""

    pk = models.CompositePrimaryKey("district_id", "one_id", "other_id")
    district_id = models.BigIntegerField()
    one_id = models.BigIntegerField()
    """The lower row id of the two."""
    other_id = models.BigIntegerField()
    event_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.one_id} is not {self.other_id}"
