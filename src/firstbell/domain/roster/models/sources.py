"""Where a roster comes from, and what each source calls a row."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Source(models.Model):
    """Where a roster comes from. ``rank`` decides who inherits a row that another source lets go (1 is first)."""

    district_id = models.BigIntegerField()
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=32, default="upload")
    rank = models.PositiveIntegerField()
    settings = models.JSONField(default=dict)
    held = models.TextField(default="")
    """Why every run of the source waits for a person; blank where it does not."""
    expects = ArrayField(models.TextField(), default=list)
    """Tables that came as a full list in the last applied run."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district_id", "name"], name="roster_source_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """What one source calls a row, and the hash of what it said of it last (``engine.content``)."""

    pk = models.CompositePrimaryKey("district_id", "source_id", "kind", "source_key")
    district_id = models.BigIntegerField()
    source_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    """The table, as its place in ``engine.tables.TABLES``."""
    source_key = models.TextField()
    row_id = models.BigIntegerField()
    hash_high = models.BigIntegerField(null=True)
    hash_low = models.BigIntegerField(null=True)
    version = models.SmallIntegerField()
    present = models.BooleanField()
    """False once the source no longer has the row; the identity is kept for its return."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district_id", "kind", "row_id"], name="roster_record_row")]

    def __str__(self) -> str:
        return self.source_key


class RecordCopy(models.Model):
    """All records of one source and kind, as the engine reads them (``roster.record_copies``)."""

    pk = models.CompositePrimaryKey("district_id", "source_id", "kind")
    district_id = models.BigIntegerField()
    source_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    body = models.BinaryField()
    """Parquet."""

    def __str__(self) -> str:
        return f"records of source {self.source_id}"
