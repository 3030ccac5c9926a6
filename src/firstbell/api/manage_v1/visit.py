"""Who asks, in which district. For now people of the pages' sessions; scoped tokens for programs follow."""

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie

from firstbell.api.manage_v1.problems import RoleNotChosen, TooLarge
from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.models import Account
from firstbell.domain.accounts.queries import list_memberships
from firstbell.domain.accounts.second_factor import ensure_second_factor, ensure_staff_has_second_factor
from firstbell.domain.accounts.viewer import SESSION_KEY, Viewer, view_as
from firstbell.domain.accounts.visits import find_visit, view_on_visit
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.models import District

MEGABYTE = 1024 * 1024


class Session(APIKeyCookie):
    """The cookie of somebody who signed in; what changes something needs the header X-CSRFToken as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        """Too large a package is refused before it is read: looking for a CSRF token would take it in."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FIRSTBELL_MAX_UPLOAD_BYTES + MEGABYTE:
            most = settings.FIRSTBELL_MAX_UPLOAD_BYTES // MEGABYTE
            raise TooLarge(f"A package has at most {most:,} MB here.")
        return super()._get_key(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Account | None:
        """The account, or None where nobody is signed in."""
        return request.user if isinstance(request.user, Account) else None


def visit(request: HttpRequest, code: str) -> tuple[Viewer, District]:
    """Who asks and the district of this code. Raises NoSuchDistrict for others' districts too,
    RoleNotChosen and SecondFactorMissing.
    """
    account = request.user
    memberships = list_memberships(account) if isinstance(account, Account) else []
    here = [membership for membership in memberships if membership.district.code == code]
    if not here:
        return _on_visit(request, account, code)
    chosen = request.session.get(SESSION_KEY)
    found = here[0] if len(here) == 1 else next((member for member in here if member.pk == chosen), None)
    if found is None:
        raise RoleNotChosen
    ensure_second_factor(found)
    return view_as(found), found.district


def _on_visit(request: HttpRequest, account: object, code: str) -> tuple[Viewer, District]:
    """Vendor staff on a visit, who only look."""
    found = find_visit(account, code) if isinstance(account, Account) else None
    if found is None or not isinstance(account, Account):
        raise NoSuchDistrict(code)
    ensure_staff_has_second_factor(account)
    if request.method not in {"GET", "HEAD"}:
        raise NotAllowed("read only")
    district, staff_visit = found
    return view_on_visit(staff_visit), district
