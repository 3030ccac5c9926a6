"""Organizations, sessions, courses and classes."""

from typing import ClassVar

from django.db import models

from firstbell.domain.roster.models.row import (
    PublishedRow,
    published,
    row_id,
    row_ids,
    search_key,
    stamped,
    text,
    texts,
)


class Org(PublishedRow):
    """A school, district, department ..."""

    name = text()
    type = text()
    identifier = text()
    parent_id = row_id()

    class Meta:
        constraints: ClassVar = [published("org")]
        indexes: ClassVar = [stamped("org")]


class AcademicSession(PublishedRow):
    """A school year, semester, term or grading period."""

    title = text()
    type = text()
    start_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    parent_id = row_id()
    school_year = models.SmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [published("session")]
        indexes: ClassVar = [stamped("session")]


class Course(PublishedRow):
    """A course of the catalogue."""

    school_year_id = row_id()
    title = text()
    course_code = text()
    grades = texts()
    org_id = row_id()
    subjects = texts()
    subject_codes = texts()

    class Meta:
        constraints: ClassVar = [published("course")]
        indexes: ClassVar = [stamped("course")]


class Class(PublishedRow):
    """A class: a section of a course in a school."""

    title = text()
    grades = texts()
    course_id = row_id()
    class_code = text()
    class_type = text()
    location = text()
    school_id = row_id()
    term_ids = row_ids()
    subjects = texts()
    subject_codes = texts()
    periods = texts()
    title_key = search_key("title")
    class_code_key = search_key("class_code")

    class Meta:
        constraints: ClassVar = [published("class")]
        indexes: ClassVar = [
            models.Index(fields=["district_id", "school_id"], name="roster_class_school"),
            models.Index(fields=["district_id", "title_key", "id"], name="roster_class_title"),
            models.Index(fields=["district_id", "class_code_key", "title_key", "id"], name="roster_class_code"),
            models.Index(
                fields=["district_id"], condition=models.Q(removed_at__isnull=False), name="roster_class_removed"
            ),
            stamped("class"),
        ]
