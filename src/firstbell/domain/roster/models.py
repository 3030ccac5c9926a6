"""The roster in the database: one model a canonical table (``engine.tables``), sources, and the records that tie them.

A test holds the columns against ``engine.tables``. A row's key is (district, id): ids come in blocks from one sequence
(``roster.known``) and are never given twice. References are row ids; ADR 0003 tells what keeps them whole.
"""

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


def _text() -> "models.TextField[str | None, str | None]":
    """Blank is null, as in canonical text."""
    return models.TextField(null=True)


def _texts() -> "ArrayField[list[str] | None, list[str] | None]":
    return ArrayField(models.TextField(), null=True)


def _row_id() -> "models.BigIntegerField[int | None, int | None]":
    return models.BigIntegerField(null=True)


def _row_ids() -> "ArrayField[list[int] | None, list[int] | None]":
    return ArrayField(models.BigIntegerField(), null=True)


def _search_key(column: str) -> models.GeneratedField:
    """The column as it is searched and sorted: without case and accents, never null, in the order of its bytes.

    A column of its own, since a function over a column finds no index behind the wall.
    """
    key = models.Func(models.F(column), function="roster_search_key")
    return models.GeneratedField(expression=key, output_field=models.TextField(db_collation="C"), db_persist=True)


def _stamped(name: str) -> models.Index:
    """Finds what changed since a stamp."""
    return models.Index(fields=["district_id", "stamp"], name=f"roster_{name}_stamp")


def _published(name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=["district_id", "sourced_id"], name=f"roster_{name}_published")


class Org(PublishedRow):
    """A school, district, department ..."""

    name = _text()
    type = _text()
    identifier = _text()
    parent_id = _row_id()

    class Meta:
        constraints: ClassVar = [_published("org")]
        indexes: ClassVar = [_stamped("org")]


class AcademicSession(PublishedRow):
    """A school year, semester, term or grading period."""

    title = _text()
    type = _text()
    start_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    parent_id = _row_id()
    school_year = models.SmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [_published("session")]
        indexes: ClassVar = [_stamped("session")]


class Course(PublishedRow):
    """A course of the catalogue."""

    school_year_id = _row_id()
    title = _text()
    course_code = _text()
    grades = _texts()
    org_id = _row_id()
    subjects = _texts()
    subject_codes = _texts()

    class Meta:
        constraints: ClassVar = [_published("course")]
        indexes: ClassVar = [_stamped("course")]


class Class(PublishedRow):
    """A class: a section of a course in a school."""

    title = _text()
    grades = _texts()
    course_id = _row_id()
    class_code = _text()
    class_type = _text()
    location = _text()
    school_id = _row_id()
    term_ids = _row_ids()
    subjects = _texts()
    subject_codes = _texts()
    periods = _texts()
    title_key = _search_key("title")
    class_code_key = _search_key("class_code")

    class Meta:
        constraints: ClassVar = [_published("class")]
        indexes: ClassVar = [
            models.Index(fields=["district_id", "school_id"], name="roster_class_school"),
            models.Index(fields=["district_id", "title_key", "id"], name="roster_class_title"),
            _stamped("class"),
        ]


class User(PublishedRow):
    """A person on the roster. Not an account: that comes into being when the person gets a way to sign in."""

    enabled_user = models.BooleanField(null=True)
    username = _text()
    user_ids = _text()
    given_name = _text()
    family_name = _text()
    middle_name = _text()
    identifier = _text()
    email = _text()
    sms = _text()
    phone = _text()
    agent_ids = _row_ids()
    grades = _texts()
    user_master_identifier = _text()
    preferred_given_name = _text()
    preferred_middle_name = _text()
    preferred_family_name = _text()
    primary_org_id = _row_id()
    pronouns = _text()
    family_name_key = _search_key("family_name")
    given_name_key = _search_key("given_name")
    username_key = _search_key("username")
    identifier_key = _search_key("identifier")
    email_key = _search_key("email")

    class Meta:
        constraints: ClassVar = [_published("user")]
        indexes: ClassVar = [
            models.Index(fields=["district_id", "family_name_key", "given_name_key", "id"], name="roster_user_names"),
            models.Index(fields=["district_id", "given_name_key"], name="roster_user_given_name"),
            models.Index(fields=["district_id", "username_key"], name="roster_user_username"),
            models.Index(fields=["district_id", "identifier_key"], name="roster_user_identifier"),
            models.Index(fields=["district_id", "email_key"], name="roster_user_email"),
            _stamped("user"),
        ]


class UserProfile(PublishedRow):
    """A person's log-in in another system; never with its password."""

    user_id = _row_id()
    profile_type = _text()
    vendor_id = _text()
    application_id = _text()
    description = _text()
    credential_type = _text()
    username = _text()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "user_id"], name="roster_profile_user"),
            _stamped("profile"),
        ]


class Role(PublishedRow):
    """What a person is in an organization."""

    user_id = _row_id()
    role_type = _text()
    role = _text()
    begin_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    org_id = _row_id()
    user_profile_id = _row_id()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "user_id"], name="roster_role_user"),
            models.Index(fields=["district_id", "org_id"], name="roster_role_org"),
            _stamped("role"),
        ]


class Enrollment(PublishedRow):
    """A person in a class."""

    class_id = _row_id()
    school_id = _row_id()
    user_id = _row_id()
    role = _text()
    primary = models.BooleanField(null=True)
    begin_date = models.DateField(null=True)
    end_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [_published("enrollment")]
        indexes: ClassVar = [
            models.Index(fields=["district_id", "class_id"], name="roster_enrollment_class"),
            models.Index(fields=["district_id", "user_id"], name="roster_enrollment_user"),
            _stamped("enrollment"),
        ]


class Demographics(Row):
    """What the family reported of a person. Its id is the person's; readable with a permission of its own."""

    birth_date = models.DateField(null=True)
    sex = _text()
    american_indian_or_alaska_native = models.BooleanField(null=True)
    asian = models.BooleanField(null=True)
    black_or_african_american = models.BooleanField(null=True)
    native_hawaiian_or_other_pacific_islander = models.BooleanField(null=True)
    white = models.BooleanField(null=True)
    demographic_race_two_or_more_races = models.BooleanField(null=True)
    hispanic_or_latino_ethnicity = models.BooleanField(null=True)
    country_of_birth_code = _text()
    state_of_birth_abbreviation = _text()
    city_of_birth = _text()
    public_school_residence_status = _text()

    class Meta:
        indexes: ClassVar = [_stamped("demographics")]

    def __str__(self) -> str:
        return f"demographics of {self.id}"


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
