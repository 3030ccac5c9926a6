"""The wall between districts: PostgreSQL's row-level security on a setting that lives as long as the transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import connections, transaction

if TYPE_CHECKING:  # apps.py reads this module before there are models
    from firstbell.domain.districts.models import District

SETTING = "firstbell.district"
CURRENT_DISTRICT = f"nullif(current_setting('{SETTING}', true), '')::bigint"

# Tables of everyone: they hold nothing of one district's roster, or are needed before a district is known.
# Every other table has the wall, by test.
GLOBAL_TABLES = frozenset(
    {
        "account_emailaddress",
        "account_emailconfirmation",
        "accounts_account",
        "accounts_apitoken",  # names itself before its district is known
        "accounts_guesses",
        "accounts_membership",
        "advice_districtcontact",  # who of the vendor looks after which district
        "advice_product",  # the vendor's catalogue
        "advice_prospect",  # somebody who has no district yet, erased when it opens
        "advice_requestline",  # whose a request is and until when: the vendor's lists over all districts
        "accounts_spacerequest",
        "accounts_succession",  # asked by who is in no district, answered by the vendor; nothing of a roster
        "assisted_line",  # where each case stands and who has it: the queue over all districts
        "assisted_savedreply",  # words of the vendor's
        "accounts_staffmembership",
        "allauth_idp_oidc_client",  # names itself before its district is known; whose it is stands in launch
        "allauth_idp_oidc_token",  # hashes of codes and tokens that last for minutes
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "districts_district",
        "django_content_type",
        "django_migrations",
        "django_session",
        "firstbell_cache",
        "mfa_authenticator",
        "portfolio_standing",  # how far each district is, in counts
        "portfolio_weekly",  # who of the vendor has had which week's letter
        "procrastinate_events",
        "procrastinate_jobs",
        "procrastinate_periodic_defers",
        "procrastinate_workers",
        "sharing_accesstoken",
        "sharing_apiclient",  # names itself before its district is known
        "sharing_calling",  # numbers and moments, so that one look finds which programs there is something to tell
        "sharing_outletdue",  # numbers and moments
        "socialaccount_socialaccount",  # allauth's: these three stay empty, connections and ties are signon's
        "socialaccount_socialapp",
        "socialaccount_socialtoken",
        "sources_due",  # numbers and moments, so that one look finds what is due everywhere
        "usersessions_usersession",
    }
)

# Tables that the application may add to, and neither change nor empty.
APPEND_ONLY_TABLES = frozenset({"audit_event", "sharing_disclosure"})


_ONLY_BY_INDEX = ", set_config('enable_seqscan', 'off', true), set_config('parallel_setup_cost', '20000', true)"
_also_set: ContextVar[str] = ContextVar("also_set", default="")


class OtherDistrict(Exception):
    """The work is inside one district's wall and reached for another's. Always a mistake of ours."""


class OutsideTheWall(Exception):
    """The work needs to be inside a district's wall (`within`) and is not. Always a mistake of ours."""


@contextmanager
def within(district: "District", *, using: str = "default") -> Iterator[None]:
    """A transaction that sees and writes this district's rows only. Nests for the same district; OtherDistrict else."""
    outermost = not connections[using].in_atomic_block
    with transaction.atomic(using=using):
        entered = _enter(district, using, outermost=outermost)
        yield
        if entered and not outermost:  # else the setting ends with the transaction, or its savepoint
            _set(None, using)


@contextmanager
def answering_within(district: "District", *, snapshot: bool = False, using: str = "default") -> Iterator[None]:
    """``within`` for an answer of a few raw statements: they go to the database together, and come back together.

    Begin, wall and first statement are one way there and back, the last statements and the commit another. Only raw
    cursors may be used inside, and nothing that waits for the transaction's end (``on_commit``). ``snapshot``: all
    statements see the same; within another transaction that is for the caller to see to.
    """
    connection = connections[using]
    if connection.in_atomic_block:
        with within(district, using=using):
            yield
        return
    connection.ensure_connection()
    raw = connection.connection
    with raw.pipeline(), raw.transaction():
        if snapshot:
            raw.execute("set transaction isolation level repeatable read")
        raw.execute(f"select set_config(%s, %s, true){_also_set.get()}", [SETTING, str(district.pk)])
        yield


@contextmanager
def only_by_index() -> Iterator[None]:
    """Whatever is asked inside a wall meanwhile, PostgreSQL answers by an index: for pages and answers to programs.

    Its statistics know nothing of an import under way. Of a district that was all there was, it would go on reading
    whole tables, and with them the million rows that another's first import has put there so far; and it would start
    helpers (20 ms) for a few hundred rows. Set within the transaction, as PgBouncer needs it.
    """
    token = _also_set.set(_ONLY_BY_INDEX)
    try:
        yield
    finally:
        _also_set.reset(token)


def only_reading(*, using: str = "default") -> None:
    """Have the database refuse whatever else this transaction would write."""
    with connections[using].cursor() as cursor:
        cursor.execute("set transaction read only")


def current_district_id(*, using: str = "default") -> int | None:
    """The district whose wall this transaction is in. Asks the database, which alone knows."""
    with connections[using].cursor() as cursor:
        cursor.execute(f"select {CURRENT_DISTRICT}")
        district_id: int | None = cursor.fetchone()[0]
    return district_id


def ensure_within(district: "District", *, using: str = "default") -> None:
    """Raise OutsideTheWall unless this transaction is in the district's wall."""
    if not connections[using].in_atomic_block or current_district_id(using=using) != district.pk:
        raise OutsideTheWall(f"district {district.pk}")


def _enter(district: "District", using: str, *, outermost: bool) -> bool:
    """Set the wall; False when it stood already."""
    current = None if outermost else current_district_id(using=using)
    if current == district.pk:
        return False
    if current is not None:
        raise OtherDistrict(f"inside district {current}, asked for {district.pk}")
    _set(district.pk, using)
    return True


def _set(district_id: int | None, using: str) -> None:
    with connections[using].cursor() as cursor:
        text = "" if district_id is None else str(district_id)
        cursor.execute(f"select set_config(%s, %s, true){_also_set.get()}", [SETTING, text])
