"""What all rows of the roster have, and the kinds of columns that they are made of."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Row(models.Model):
    """What all rows of the roster have. ``sourced_id`` is the id that we publish: it stays for life."""

    pk = models.CompositePrimaryKey("district_id", "id")
    district_id = models.BigIntegerField()
    id = models.BigIntegerField()
    source_id = models.BigIntegerField(null=True)
    """The source that owns the row; null for a row made in the product."""
    stamp = models.BigIntegerField()
    """The stamp of the last change, and of the first."""
    created_stamp = models.BigIntegerField()
    date_last_modified = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    """Since when the row is ``tobedeleted``."""
    metadata = models.TextField(null=True)  # noqa: DJ001 (canonical JSON text, null where there is none)

    class Meta:
        abstract = True


class PublishedRow(Row):
    """A row with an id that products see."""

    sourced_id = models.TextField(db_collation="C")
    """In the order of its bytes, in which products page through a table."""

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.sourced_id


def text() -> "models.TextField[str | None, str | None]":
    """Blank is null, as in canonical text."""
    return models.TextField(null=True)


def texts() -> "ArrayField[list[str] | None, list[str] | None]":
    """Several texts, in their order."""
    return ArrayField(models.TextField(), null=True)


def row_id() -> "models.BigIntegerField[int | None, int | None]":
    """The row that is referred to."""
    return models.BigIntegerField(null=True)


def row_ids() -> "ArrayField[list[int] | None, list[int] | None]":
    """Several of them, in their order."""
    return ArrayField(models.BigIntegerField(), null=True)


def search_key(column: str) -> models.GeneratedField:
    """The column as it is searched and sorted: without case and accents, never null, in the order of its bytes.

    A column of its own, since a function over a column finds no index behind the wall.
    """
    key = models.Func(models.F(column), function="roster_search_key")
    return models.GeneratedField(expression=key, output_field=models.TextField(db_collation="C"), db_persist=True)


def stamped(name: str) -> models.Index:
    """Finds what changed since a stamp."""
    return models.Index(fields=["district_id", "stamp"], name=f"roster_{name}_stamp")


def published(name: str) -> models.UniqueConstraint:
    """Nothing else of the kind is published by the same id in a district."""
    return models.UniqueConstraint(fields=["district_id", "sourced_id"], name=f"roster_{name}_published")
