"""The demo's drop: the nightly export of Maple Valley may come over SFTP too."""

from firstbell.cli.carrying import ensure_source
from firstbell.cli.demo.districts import MAPLE, SIS
from firstbell.cli.demo.processes import Address
from firstbell.connectors.catalogue import KINDS
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.queries import find_district
from firstbell.domain.sources.actions import connect, renew_password
from firstbell.domain.sources.bringing import SFTP, user_name
from firstbell.domain.sources.queries import find_connection
from firstbell.domain.sources.sealed import is_password


def open_sftp(before: object, address: Address) -> dict[str, object]:
    """Who may drop files, and where. The password of an earlier start stays while it is still good."""
    district = find_district(MAPLE)
    assert district is not None
    source = ensure_source(district, SIS)
    connection = find_connection(district, source.pk) or connect(district, source, KINDS[SFTP], {}, by=OPERATOR)
    password = before.get("password", "") if isinstance(before, dict) else ""
    if not is_password(connection, password):
        password = renew_password(district, connection, by=OPERATOR)
    where = {"host": address.reachable, "port": address.port}
    return {**where, "username": user_name(district, connection), "password": password, "source": source.name}
