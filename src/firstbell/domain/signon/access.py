"""Fetching a connection for someone who must be allowed to."""

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.viewer import Viewer
from firstbell.domain.districts.models import District
from firstbell.domain.districts.wall import within
from firstbell.domain.roster.access import NotThere
from firstbell.domain.signon.models import Connection, SignIn
from firstbell.domain.signon.queries import find_connection


def access_connection(viewer: Viewer, district: District, connection_id: int) -> Connection:
    """A connection for someone who says how people sign in. Raises NotAllowed, NotThere."""
    ensure_may(viewer, Permission.MANAGE_MEMBERSHIPS)
    connection = find_connection(district, connection_id)
    if connection is None:
        raise NotThere(connection_id)
    return connection


def access_refused(viewer: Viewer, district: District, sign_in_id: int) -> SignIn:
    """A sign-in that was refused as another's, for someone who may allow it. Raises NotAllowed, NotThere."""
    ensure_may(viewer, Permission.MANAGE_MEMBERSHIPS)
    with within(district):
        found = SignIn.objects.filter(district_id=district.pk, pk=sign_in_id, person_id__isnull=False)
        sign_in = found.exclude(another_subject="").first()
    if sign_in is None:
        raise NotThere(sign_in_id)
    return sign_in
