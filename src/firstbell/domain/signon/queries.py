"""Reading connections and sign-ins."""

from firstbell.domain.districts.models import District, Method
from firstbell.domain.districts.wall import within
from firstbell.domain.signon.models import Connection, SignIn

MOST = 100


def list_connections(district: District) -> list[Connection]:
    """All connections of a district, by name."""
    with within(district):
        return list(Connection.objects.filter(district_id=district.pk).order_by("name", "id"))


def find_connection(district: District, connection_id: int) -> Connection | None:
    """A connection of the district, on or off."""
    with within(district):
        return Connection.objects.filter(district_id=district.pk, pk=connection_id).first()


def is_offered(district: District) -> bool:
    """Whether the district's method has single sign-on at all."""
    return district.method == Method.AUTOMATED and not district.is_practice


def list_offered(district: District) -> list[Connection]:
    """Those by which people sign in now, by name."""
    if not is_offered(district):
        return []
    with within(district):
        return list(Connection.objects.filter(district_id=district.pk, is_on=True).order_by("name", "id"))


def find_offered(district: District, connection_id: int) -> Connection | None:
    """One by which people sign in now."""
    return next((one for one in list_offered(district) if one.pk == connection_id), None)


def list_sign_ins(district: District, *, connection_id: int | None = None, refused: bool = False) -> list[SignIn]:
    """The newest sign-ins first; only those that came to nothing, where asked."""
    with within(district):
        found = SignIn.objects.filter(district_id=district.pk).select_related("connection").order_by("-id")
        if connection_id is not None:
            found = found.filter(connection_id=connection_id)
        if refused:
            found = found.exclude(outcome="in")
        return list(found[:MOST])
