"""Three people at the API: who runs the district, a colleague who may only look, and a stranger from elsewhere."""

import pytest
from django.test import Client

from firstbell.domain.accounts.actions import give_membership, open_account
from firstbell.domain.accounts.models import Role
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.models import District


def sign_in(district: District, role: Role, name: str) -> Client:
    """A browser's session of a new account. It checks CSRF as a server does."""
    account = open_account(f"{role}.{district.pk}@school.example", name, by=OPERATOR)
    give_membership(district, account, role, by=OPERATOR)
    client = Client(enforce_csrf_checks=True)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def administrator(district: District) -> Client:
    """The owner: administers the district."""
    return sign_in(district, Role.DISTRICT_ADMINISTRATOR, "Ada Owner")


@pytest.fixture
def principal(district: District) -> Client:
    """The colleague: sees runs and decides nothing."""
    return sign_in(district, Role.PRINCIPAL, "Pia Colleague")


@pytest.fixture
def stranger(other_district: District) -> Client:
    """Administers another district."""
    return sign_in(other_district, Role.DISTRICT_ADMINISTRATOR, "Sam Stranger")
