"""Who asks, in which district: a program with a token, or somebody in a session of the pages."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer

from firstbell.api.manage_v1.problems import RoleNotChosen, TooLarge
from firstbell.domain.accounts.access import NotAllowed
from firstbell.domain.accounts.models import Account, ApiToken, Membership
from firstbell.domain.accounts.queries import list_memberships
from firstbell.domain.accounts.second_factor import ensure_second_factor, ensure_staff_has_second_factor
from firstbell.domain.accounts.tokens import find_token, view_by_token
from firstbell.domain.accounts.viewer import SESSION_KEY, Viewer, view_as
from firstbell.domain.accounts.visits import find_visit, view_on_visit
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.models import District

MEGABYTE = 1024 * 1024


class Token(HttpBearer):
    """`Authorization: Bearer fbt_...`: made on the page Members, in the name of who made it."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        """The token. One that opens nothing is refused: who shows it means no session. Raises HttpError."""
        _ensure_bearable(request)
        found = find_token(token)
        if found is None:
            raise HttpError(HTTPStatus.UNAUTHORIZED, "This token opens nothing.")
        return found


class Session(APIKeyCookie):
    """The cookie of somebody who signed in; what changes something needs the header X-CSRFToken as well."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        """Too large a package is refused before it is read: looking for a CSRF token would take it in."""
        _ensure_bearable(request)
        return super()._get_key(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Account | None:
        """The account, or None where nobody is signed in."""
        return request.user if isinstance(request.user, Account) else None


def visit(request: HttpRequest, code: str) -> tuple[Viewer, District]:
    """Who asks and the district of this code. Raises NoSuchDistrict for others' districts too,
    RoleNotChosen and SecondFactorMissing.
    """
    if (token := _token_of(request)) is not None:
        if token.membership.district.code != code:
            raise NoSuchDistrict(code)
        return view_by_token(token), token.membership.district
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


def memberships_of(request: HttpRequest) -> list[Membership]:
    """What who asks is, in which districts: of a token the one whose it is."""
    if (token := _token_of(request)) is not None:
        return [token.membership]
    return list_memberships(request.user) if isinstance(request.user, Account) else []


def _token_of(request: HttpRequest) -> ApiToken | None:
    found = getattr(request, "auth", None)
    return found if isinstance(found, ApiToken) else None


def _ensure_bearable(request: HttpRequest) -> None:
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.FIRSTBELL_MAX_UPLOAD_BYTES + MEGABYTE:
        most = settings.FIRSTBELL_MAX_UPLOAD_BYTES // MEGABYTE
        raise TooLarge(f"A package has at most {most:,} MB here.")


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
