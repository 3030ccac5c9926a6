"""A district: the tenant, also when it is one charter school."""

from django.db import models


class Method(models.TextChoices):
    """The three ways to roster."""

    SELF_MANAGED = "self_managed", "Self-Managed"
    ASSISTED = "assisted", "One-Time Assisted"
    AUTOMATED = "automated", "Automated"


class FirstLogIn(models.TextChoices):
    """What a student gets who came in a list without a password."""

    PASSWORD = "passwords", "A card with a new password, made of words that a child can type"
    BADGE = "badges", "A badge to scan"
    NOTHING = "nothing", "Nothing yet: they sign in later, or in another way"


class District(models.Model):
    """One district. Global: people choose theirs before they are inside."""

    code = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=200)
    method = models.CharField(max_length=16, choices=Method.choices)
    time_zone = models.CharField(max_length=64)
    retention_days = models.PositiveIntegerField(default=90)
    last_stamp = models.BigIntegerField(default=0)
    """The roster's version: the last stamp that was given to a change."""
    administrators_need_second_factor = models.BooleanField(default=False)
    lets_staff_in = models.BooleanField(default=True)
    """Whether vendor staff may look at it, with a reason and for a while."""
    password_lengths = models.JSONField(default=dict)
    """Least characters of a student's password by band of grades; a band that is not named has its default
    (accounts.bands)."""
    student_grace_days = models.PositiveSmallIntegerField(default=0)
    """For so many days a student who is missing from the roster can still sign in: SISs lose children for a night."""
    session_hours = models.JSONField(default=dict)
    """For how many hours somebody stays signed in, by what they are (accounts.lasting)."""
    sign_on_only = models.BooleanField(default=False)
    """Whether who has come in by single sign-on comes in by nothing else (signon.passwords)."""
    first_log_in = models.CharField(max_length=16, choices=FirstLogIn.choices, default=FirstLogIn.PASSWORD)
    """The rule for students whom a list brings without a password."""
    tallied_stamp = models.BigIntegerField(null=True)
    """Of a large district: the version of the roster whose counts are kept (roster.tallying); else null."""
    tallied_at = models.DateTimeField(null=True)
    practice_of = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="+")
    """The district that practises in this one, on made-up people: it writes to nobody, and is not counted."""
    data_key = models.BinaryField()
    """Key of this district's files, wrapped by the master key (districts.sealing)."""
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    @property
    def is_practice(self) -> bool:
        """Whether nothing here is real."""
        return self.practice_of_id is not None


class StampTime(models.Model):
    """When a stamp, and all untold ones below it, could first be seen: the ``dateLastModified`` that products read.

    A district's later stamps have later times, also where clocks are put back or transactions commit late.
    """

    pk = models.CompositePrimaryKey("district_id", "stamp")
    district_id = models.BigIntegerField()
    stamp = models.BigIntegerField()
    told_at = models.DateTimeField()
    """Whole milliseconds."""

    def __str__(self) -> str:
        return f"stamp {self.stamp} at {self.told_at}"
