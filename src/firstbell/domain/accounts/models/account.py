"""Who signs in."""

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

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
