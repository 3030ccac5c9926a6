"""Signing in a person by a credential of the district. Adults with an e-mail sign in through allauth."""

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from firstbell.domain.accounts.models import Account, Credential
from firstbell.domain.accounts.queries import find_credential
from firstbell.domain.accounts.throttle import Guess
from firstbell.domain.accounts.usernames import normalize_password, username_key
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within

STUDENT_BACKEND = "firstbell.domain.accounts.signin.StudentBackend"
LONGEST = 254


class StudentBackend(BaseBackend):
    """Keeps someone signed in whom `authenticate_student` let in.

    The page calls that function, and then Django's `login(request, account, backend=STUDENT_BACKEND)`. Django's own
    `authenticate` would offer the username to every backend, and so a student's page would take an adult's e-mail.
    """

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session, unless it was closed since."""
        return Account.objects.filter(pk=user_id, is_active=True).first()


def authenticate_student(district: District, username: str, password: str, *, address: str) -> Account | None:
    """The account of the person with this username and password, or None; raises throttle.TooManyGuesses.

    `address` is where the try comes from. Not to be called within a transaction, which could take the count back.
    """
    if len(username) > LONGEST or len(password) > LONGEST:
        return None
    guess = Guess(district.pk, username_key(username), address)
    with transaction.atomic(durable=True):
        guess.count()
    credential = find_credential(district, username)
    if not _is_right(district, credential, normalize_password(password)):
        guess.failed()
        return None
    guess.succeeded()
    return credential.account if credential else None


def _is_right(district: District, credential: Credential | None, password: str) -> bool:
    """Takes as long for a name that nobody has."""
    if credential is None:
        make_password(password)
        return False

    def rehash(known_good: str) -> None:
        with within(district):
            Credential.objects.filter(pk=credential.pk).update(password=make_password(known_good))

    return check_password(password, credential.password, rehash) and credential.account.is_active
