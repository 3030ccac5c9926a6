"""People, what they are and where, and what families reported of them."""

from typing import ClassVar

from django.db import models

from firstbell.domain.roster.models.row import (
    PublishedRow,
    Row,
    published,
    row_id,
    row_ids,
    search_key,
    stamped,
    text,
    texts,
)

WHERE_REMOVED = models.Q(removed_at__isnull=False)
"""Few rows of many: an index of these alone finds and counts them."""


class User(PublishedRow):
    """A person on the roster. Not an account: that comes into being when the person gets a way to sign in."""

    enabled_user = models.BooleanField(null=True)
    username = text()
    user_ids = text()
    given_name = text()
    family_name = text()
    middle_name = text()
    identifier = text()
    email = text()
    sms = text()
    phone = text()
    agent_ids = row_ids()
    grades = texts()
    user_master_identifier = text()
    preferred_given_name = text()
    preferred_middle_name = text()
    preferred_family_name = text()
    primary_org_id = row_id()
    pronouns = text()
    family_name_key = search_key("family_name")
    given_name_key = search_key("given_name")
    username_key = search_key("username")
    identifier_key = search_key("identifier")
    email_key = search_key("email")

    class Meta:
        constraints: ClassVar = [published("user")]
        indexes: ClassVar = [
            models.Index(fields=["district_id", "family_name_key", "given_name_key", "id"], name="roster_user_names"),
            models.Index(fields=["district_id", "given_name_key"], name="roster_user_given_name"),
            models.Index(fields=["district_id", "username_key"], name="roster_user_username"),
            models.Index(fields=["district_id", "identifier_key"], name="roster_user_identifier"),
            models.Index(fields=["district_id", "email_key"], name="roster_user_email"),
            models.Index(fields=["district_id"], condition=WHERE_REMOVED, name="roster_user_removed"),
            stamped("user"),
        ]


class UserProfile(PublishedRow):
    """A person's log-in in another system; never with its password."""

    user_id = row_id()
    profile_type = text()
    vendor_id = text()
    application_id = text()
    description = text()
    credential_type = text()
    username = text()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "user_id"], name="roster_profile_user"),
            stamped("profile"),
        ]


class Role(PublishedRow):
    """What a person is in an organization."""

    user_id = row_id()
    role_type = text()
    role = text()
    begin_date = models.DateField(null=True)
    end_date = models.DateField(null=True)
    org_id = row_id()
    user_profile_id = row_id()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["district_id", "user_id"], name="roster_role_user"),
            models.Index(fields=["district_id", "org_id"], name="roster_role_org"),
            stamped("role"),
        ]


class Enrollment(PublishedRow):
    """A person in a class."""

    class_id = row_id()
    school_id = row_id()
    user_id = row_id()
    role = text()
    primary = models.BooleanField(null=True)
    begin_date = models.DateField(null=True)
    end_date = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [published("enrollment")]
        indexes: ClassVar = [
            models.Index(fields=["district_id", "class_id"], name="roster_enrollment_class"),
            models.Index(fields=["district_id", "user_id"], name="roster_enrollment_user"),
            stamped("enrollment"),
        ]


class Demographics(Row):
    """What the family reported of a person. Its id is the person's; readable with a permission of its own."""

    birth_date = models.DateField(null=True)
    sex = text()
    american_indian_or_alaska_native = models.BooleanField(null=True)
    asian = models.BooleanField(null=True)
    black_or_african_american = models.BooleanField(null=True)
    native_hawaiian_or_other_pacific_islander = models.BooleanField(null=True)
    white = models.BooleanField(null=True)
    demographic_race_two_or_more_races = models.BooleanField(null=True)
    hispanic_or_latino_ethnicity = models.BooleanField(null=True)
    country_of_birth_code = text()
    state_of_birth_abbreviation = text()
    city_of_birth = text()
    public_school_residence_status = text()

    class Meta:
        indexes: ClassVar = [stamped("demographics")]

    def __str__(self) -> str:
        return f"demographics of {self.id}"


class SearchWord(models.Model):
    """A word within a name, by which its row is found: the beginnings of names have columns of their own.

    Triggers keep it (migration 0010): most names are one word and have none of these.
    """

    pk = models.CompositePrimaryKey("district_id", "kind", "word", "row_id")
    district_id = models.BigIntegerField()
    kind = models.SmallIntegerField()
    word = models.TextField(db_collation="C")
    """Without case and accents."""
    row_id = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district_id", "kind", "row_id"], name="roster_searchword_row")]

    def __str__(self) -> str:
        return self.word
