"""Counts of a large district's roster, kept so that no list has to count a million rows (``roster.tallying``)."""

from django.db import models


class TallyOf(models.IntegerChoices):
    """What is counted."""

    PEOPLE = 1
    CLASSES = 2


class Tally(models.Model):
    """How many people (by school, role and grade) or classes (by school, term and grade) there are.

    What is 0 or blank counts whatever it is: the row of all three blank is the total.
    """

    pk = models.CompositePrimaryKey("district_id", "kind", "school_id", "second", "grade")
    district_id = models.BigIntegerField()
    kind = models.SmallIntegerField(choices=TallyOf.choices)
    school_id = models.BigIntegerField()
    second = models.TextField()
    """The role, or the term (its row id as text)."""
    grade = models.TextField()
    count = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.count}"
