"""What rows of the roster said before they were changed, for as long as the feed goes back."""

from typing import ClassVar

from django.db import models


class Past(models.Model):
    """What some columns of a row said before the change of a stamp.

    Triggers keep it (migration 0008) where a program reads the district, and take it away with the row.
    """

    district_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    """``roster.columns.KINDS``."""
    row_id = models.BigIntegerField()
    stamp = models.BigIntegerField()
    said = models.JSONField()
    """By column, as PostgreSQL writes a row as JSON; only what the change was about."""
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "kind", "row_id", "stamp"], name="sharing_past_row"),
            models.Index(fields=["district_id", "at"], name="sharing_past_at"),
        ]

    def __str__(self) -> str:
        return f"row {self.row_id} before {self.stamp}"
