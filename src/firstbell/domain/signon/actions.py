"""What people do with connections: make, change, switch on and off, remove."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from firstbell.domain.audit.actions import record
from firstbell.domain.audit.actor import Actor
from firstbell.domain.districts.models import District
from firstbell.domain.districts.sealed_words import open_words, put_words
from firstbell.domain.districts.wall import within
from firstbell.domain.signon.assertions import BadMetadata, read_identity
from firstbell.domain.signon.carrying import forget_carried
from firstbell.domain.signon.models import Connection, Key, Serves, SignIn, Tie
from firstbell.domain.signon.presets import METADATA, METADATA_URL, PRESETS, Preset, Protocol
from firstbell.domain.signon.queries import is_offered


class NotSo(ValueError):
    """A connection cannot be as it is asked for; the text says why."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How the log-ins of a connection are found on the roster, and whose they may be."""

    name: str
    key: Key
    claim: str
    key_type: str = ""
    serves: Serves = Serves.EVERYONE
    email_domains: Sequence[str] = ()
    school_ids: Sequence[int] = ()
    secret_ends_on: date | None = None


def add_connection(
    district: District, preset: Preset, values: dict[str, str], terms: Terms, *, by: Actor
) -> Connection:
    """Make a connection, which is off. Raises NotSo."""
    with within(district):
        connection = Connection(district_id=district.pk, preset=preset.code)
        _save(connection, terms)
        _put(district, connection, preset, values)
        connection.save()
        _note(district, connection, "signon.added", by=by, preset=preset.code, name=connection.name)
    return connection


def change_connection(
    district: District, connection: Connection, values: dict[str, str], terms: Terms, *, by: Actor
) -> None:
    """Set what is entered; a blank secret stays as it is. Who it lets in may be others: it has to be tested again."""
    with within(district):
        before = _said(connection)
        preset = PRESETS[connection.preset]
        _put(district, connection, preset, values)
        connection.tested_at = None
        forget_carried(district, connection)
        _save(connection, terms)
        after = _said(connection)
        changed = sorted(name for name, value in after.items() if before.get(name) != value)
        secrets = sorted(name for name in preset.secrets if values.get(name))
        _note(district, connection, "signon.changed", by=by, changed=changed, secrets_changed=secrets)


def switch_on(district: District, connection: Connection, *, by: Actor) -> None:
    """People sign in by it from now on. Raises NotSo where the method has no single sign-on."""
    with within(district):
        if not is_offered(district):
            raise NotSo("Single sign-on needs accounts that a system keeps in step, so it exists with Automated only.")
        connection.is_on = True
        connection.save(update_fields=["is_on"])
        _note(district, connection, "signon.on", by=by)


def switch_off(district: District, connection: Connection, *, by: Actor) -> None:
    """Nobody signs in by it, and who came by it is out with the next request."""
    with within(district):
        connection.is_on = False
        connection.save(update_fields=["is_on"])
        _note(district, connection, "signon.off", by=by)


def remove_connection(district: District, connection: Connection, *, by: Actor) -> None:
    """Forget a connection with its secret, its sign-ins and its ties. Accounts stay."""
    with within(district):
        _note(district, connection, "signon.removed", by=by, name=connection.name)
        Connection.objects.filter(district_id=district.pk, pk=connection.pk).delete()  # its sign-ins and ties with it


def note_tested(district: District, connection: Connection, *, now: datetime) -> None:
    """A test sign-in found somebody on the roster."""
    with within(district):
        Connection.objects.filter(district_id=district.pk, pk=connection.pk).update(tested_at=now)


def allow_another(district: District, sign_in: SignIn, *, by: Actor) -> None:
    """The log-in that was refused as another's is the person's with their next sign-in."""
    with within(district):
        ties = Tie.objects.filter(district_id=district.pk, connection_id=sign_in.connection_id)
        ties.filter(Q(person_id=sign_in.person_id) | Q(subject=sign_in.another_subject)).delete()
        whose = sign_in.person_id
        record(district.pk, "signon.another_allowed", by=by, subject_kind="user", subject_id=whose)


def secrets_of(district: District, connection: Connection) -> dict[str, str]:
    """The secrets of a connection in clear, for one call. Raises Unsealable."""
    return open_words(district, bytes(connection.secrets), name=_sealed_as(connection))


def _put(district: District, connection: Connection, preset: Preset, values: dict[str, str]) -> None:
    _ensure_known(preset, values)
    connection.settings = {
        setting.name: values.get(setting.name, setting.default).strip()
        for setting in preset.settings
        if not setting.is_secret
    }
    said = {name: values.get(name, "").strip() for name in preset.secrets}
    connection.secrets = put_words(district, bytes(connection.secrets), said, name=_sealed_as(connection))


def _save(connection: Connection, terms: Terms) -> None:
    _ensure_good(terms)
    connection.name, connection.key, connection.claim = terms.name.strip(), terms.key, terms.claim.strip()
    connection.key_type = terms.key_type.strip() if terms.key == Key.USER_ID else ""
    connection.serves, connection.school_ids = terms.serves, sorted(set(terms.school_ids))
    connection.email_domains = sorted({domain.strip().lower() for domain in terms.email_domains if domain.strip()})
    connection.secret_ends_on = terms.secret_ends_on
    try:
        with transaction.atomic():
            connection.save()
    except IntegrityError as fault:
        if "signon_connection_name" in str(fault):
            raise NotSo(f"There is a connection of the name {terms.name} already.") from None
        raise


def _ensure_good(terms: Terms) -> None:
    if terms.key == Key.EMAIL and not any(domain.strip() for domain in terms.email_domains):
        raise NotSo("An e-mail address says who somebody is in your own domains only: name them.")
    if terms.key == Key.USER_ID and not terms.key_type.strip():
        raise NotSo("Say which type of userIds the provider sends: SSO, say, for {SSO:4711}.")


def _ensure_known(preset: Preset, values: dict[str, str]) -> None:
    if preset.protocol != Protocol.SAML:
        return
    metadata = values.get(METADATA, "").strip()
    if not metadata and not values.get(METADATA_URL, "").strip():
        raise NotSo("Enter the provider’s metadata, or the address where it publishes it.")
    if metadata:
        try:
            read_identity(metadata)
        except BadMetadata as problem:
            raise NotSo(str(problem)) from None


def _said(connection: Connection) -> dict[str, object]:
    terms = ("name", "key", "key_type", "claim", "serves", "email_domains", "school_ids", "secret_ends_on")
    return {**connection.settings, **{term: getattr(connection, term) for term in terms}}


def _sealed_as(connection: Connection) -> str:
    return f"signon/{connection.pk}/secrets"


def _note(district: District, connection: Connection, verb: str, *, by: Actor, **detail: object) -> None:
    record(district.pk, verb, by=by, subject_kind="signon", subject_id=connection.pk, detail=detail)
