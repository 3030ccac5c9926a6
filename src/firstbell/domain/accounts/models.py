"""Who signs in, and as what."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from firstbell.domain.districts.models import District

LONG_ENOUGH = 15
"""Characters of a password that stands alone: NIST SP 800-63B-4 3.1.1.2."""


def opaque_username() -> str:
    """A name that says nothing about its bearer: 32 hexadecimal digits."""
    return uuid.uuid4().hex


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their opaque name, as Django's sign-in expects."""

    def create_user(self, email: str | None = None, password: str | None = None, *, name: str = "") -> "Account":
        """One account, unable to sign in with a password where none is given."""
        account = self.model(email=email.strip().lower() if email else None, name=name)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Someone who signs in. There are no superusers: what an account may do is said by its memberships."""

    username = models.CharField(max_length=32, unique=True, default=opaque_username, editable=False)
    email = models.EmailField(null=True, blank=True)  # noqa: DJ001 (unique, and only NULLs may repeat)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    has_short_password = models.BooleanField(default=False)
    """A password that is long enough only beside a second factor (accounts.passwords)."""
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="accounts_account_email")]

    def __str__(self) -> str:
        return self.name or self.username

    def set_password(self, raw_password: str | None) -> None:
        """Remember whether it is a short one, which the second factor must outlive."""
        super().set_password(raw_password)
        self.has_short_password = raw_password is not None and len(raw_password) < LONG_ENOUGH


class Role(models.TextChoices):
    """What someone is in a district."""

    DISTRICT_ADMINISTRATOR = "district_administrator", "District administrator"
    IT_ADMINISTRATOR = "it_administrator", "IT administrator"
    PRINCIPAL = "principal", "Principal"
    REGISTRAR = "registrar", "Registrar"
    TEACHER = "teacher", "Teacher"
    STUDENT = "student", "Student"


class Membership(models.Model):
    """An account's role in a district. Global: it is read to learn which district someone is of."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=32, choices=Role.choices)
    person_id = models.BigIntegerField(null=True)
    """The roster's user row whom this is, if on the roster. No foreign key: the roster is above this app."""
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "district", "role"], name="accounts_membership_once")
        ]
        indexes: ClassVar = [models.Index(fields=["district", "person_id"], name="accounts_membership_person")]

    def __str__(self) -> str:
        return f"{self.role} of district {self.district_id}"


class StaffRole(models.TextChoices):
    """What someone is at the vendor, for all districts."""

    TECHNICAL_SERVICES = "technical_services", "Technical Services"
    CUSTOMER_SUCCESS = "customer_success", "Customer Success"
    ACCOUNT_EXECUTIVE = "account_executive", "Account Executive"
    OPERATOR = "operator", "Operator"


class StaffMembership(models.Model):
    """Somebody who works for the vendor. Global: it opens no district by itself (StaffVisit does)."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="staff")
    role = models.CharField(max_length=32, choices=StaffRole.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.role} {self.account_id}"


class StaffVisit(models.Model):
    """For a while, vendor staff see a district as its administrator does, and change nothing. Walled by district."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=32, choices=StaffRole.choices)
    reason = models.CharField(max_length=500)
    begun_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField()
    ended_by = models.CharField(max_length=200, default="", blank=True)
    """Who ended it before its time."""

    class Meta:
        indexes: ClassVar = [models.Index(fields=["district", "-id"], name="accounts_staffvisit_newest")]

    def __str__(self) -> str:
        return f"visit {self.pk}"


class Invitation(models.Model):
    """A link by which an adult proves their address, sets a password and gets a membership. Walled by district.

    The link's secret is known to who has it; here is its digest. It opens once, until its day, unless it is taken back.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=32, choices=Role.choices)
    person_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    invited_by = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "digest"], name="accounts_invitation_digest")
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Credential(models.Model):
    """A username and password that the district gave to a person on its roster. Walled by district."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    username = models.CharField(max_length=254)
    username_key = models.CharField(max_length=254)
    """The username as compared: normalised and casefolded (accounts.usernames)."""
    password = models.CharField(max_length=256)
    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "username_key"], name="accounts_credential_username"),
            models.UniqueConstraint(fields=["district", "user_id"], name="accounts_credential_user"),
        ]

    def __str__(self) -> str:
        return f"credential {self.pk}"


class SpaceState(models.TextChoices):
    """What became of a request for a space."""

    ASKED = "asked", "Waits for Firstbell"
    OPENED = "opened", "Opened"
    REFUSED = "refused", "Refused"


class SpaceRequest(models.Model):
    """A school or district asks for its own space. Global: there is no district yet."""

    name = models.CharField(max_length=200)
    nces_number = models.CharField(max_length=12, blank=True)
    time_zone = models.CharField(max_length=64)
    person_name = models.CharField(max_length=200)
    email = models.EmailField()
    is_one_school = models.BooleanField(default=False)
    """Whether it is one school, which begins with itself, a year-long term and a homeroom a grade."""
    grades = models.JSONField(default=list)
    """Of one school: the grades that it has."""
    state = models.CharField(max_length=16, choices=SpaceState.choices, default=SpaceState.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_by = models.CharField(max_length=200, blank=True)
    district = models.ForeignKey(District, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "id"], name="accounts_spacerequest_waiting")]

    def __str__(self) -> str:
        return self.name


class SuccessionState(models.TextChoices):
    """Where it stands that somebody asks to become administrator of a district that has none to ask any more."""

    ASKED = "asked", "Asked"
    CHECKED = "checked", "Checked once"
    ANNOUNCED = "announced", "Can be objected to"
    INVITED = "invited", "Invited"
    REFUSED = "refused", "Refused"
    OBJECTED = "objected", "Objected to"


class Succession(models.Model):
    """Somebody asks for the place of an administrator who is gone (accounts.succession).

    Global: who asks is in no district yet, and who answers works for the vendor.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    person_name = models.CharField(max_length=200)
    email = models.EmailField()
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=16, choices=SuccessionState.choices, default=SuccessionState.ASKED)
    asked_at = models.DateTimeField(auto_now_add=True)
    first_account_id = models.BigIntegerField(null=True)
    """Who of the vendor made sure first who asks; somebody else has to do it again."""
    first_by = models.CharField(max_length=200, blank=True)
    first_how = models.CharField(max_length=500, blank=True)
    second_by = models.CharField(max_length=200, blank=True)
    second_how = models.CharField(max_length=500, blank=True)
    due_at = models.DateTimeField(null=True)
    """Until then an administrator of the district can object; after it who asks is invited."""
    ended_by = models.CharField(max_length=200, blank=True)
    ended_why = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="accounts_succession_waiting"),
            models.Index(fields=["district", "-id"], name="accounts_succession_newest"),
        ]

    def __str__(self) -> str:
        return f"succession {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether anything can still come of it."""
        return self.state in {SuccessionState.ASKED, SuccessionState.CHECKED, SuccessionState.ANNOUNCED}


class Badge(models.Model):
    """A code that signs a student in by itself. Walled by district.

    Its secret is found by a digest, and kept sealed with the district's key, so that it can be printed again.
    """

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)
    voided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "digest"], name="accounts_badge_digest"),
            models.UniqueConstraint(
                fields=["district", "user_id"], condition=models.Q(voided_at=None), name="accounts_badge_open"
            ),
        ]

    def __str__(self) -> str:
        return f"badge {self.pk}"


class CardKind(models.TextChoices):
    """What stands on a card beside the name."""

    PASSWORD = "password", "Username and a new password"
    BADGE = "badge", "A badge to scan"
    USERNAME = "username", "Username only"


class PrintedCard(models.Model):
    """A card of a student was printed, and what it says still holds. Walled by district."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="+")
    user_id = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=CardKind.choices)
    printed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["district", "user_id", "kind"], name="accounts_printedcard_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} card of {self.user_id}"


class Guesses(models.Model):
    """How often a log-in failed lately, by a digest of whose it was or where from (accounts.throttle). Names nobody."""

    bucket = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "accounts_guesses"

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"
