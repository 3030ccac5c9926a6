"""The demo's programs: one that reads each district by OneRoster, so that the provider can be tried at once."""

from firstbell.cli.demo.districts import JUNIPER, MAPLE
from firstbell.domain.audit.actor import OPERATOR
from firstbell.domain.districts.queries import find_district
from firstbell.domain.sharing.actions import add_client
from firstbell.domain.sharing.models import ApiClient
from firstbell.domain.sharing.oneroster.version import SCOPE_URIS

KEY = "api_clients"
type Said = dict[str, object]


def ensure_programs(before: object) -> list[Said]:
    """What demo.json says of them: those of an earlier start stay, unless somebody shut them out."""
    known = (
        {said.get("district"): said for said in before if isinstance(said, dict)} if isinstance(before, list) else {}
    )
    return [_kept(known.get(code)) or _made(code) for code in (MAPLE, JUNIPER)]


def _kept(said: Said | None) -> Said | None:
    if said is None or not said.get("client_secret"):
        return None
    there = ApiClient.objects.filter(
        client_id=said.get("client_id"), district__code=said.get("district"), revoked_at=None
    ).exists()
    return said if there else None


def _made(code: str) -> Said:
    district = find_district(code)
    assert district is not None
    made = add_client(district, "Demo program", list(SCOPE_URIS), by=OPERATOR)
    return {
        "district": code,
        "client_id": made.client.client_id,
        "client_secret": made.secret,
        "scopes": made.client.scopes,
    }
