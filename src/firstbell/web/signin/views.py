"""The pages before a district's own."""

from dataclasses import dataclass

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from firstbell.domain.accounts.access import find_viewer
from firstbell.domain.accounts.badges import authenticate_badge
from firstbell.domain.accounts.models import Account, Membership
from firstbell.domain.accounts.models import Role as MembershipRole
from firstbell.domain.accounts.queries import list_memberships
from firstbell.domain.accounts.signin import STUDENT_BACKEND, authenticate_student
from firstbell.domain.accounts.spaces import takes_requests
from firstbell.domain.accounts.throttle import MINUTES, TooManyGuesses
from firstbell.domain.accounts.viewer import SESSION_KEY
from firstbell.domain.accounts.visits import find_staff
from firstbell.domain.districts.access import NoSuchDistrict
from firstbell.domain.districts.actions import LONGEST_CODE
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.domain.signon.passwords import comes_only_by
from firstbell.domain.signon.queries import list_offered
from firstbell.web.refusals import refuse
from firstbell.web.signin.coming_in import SITE, own_page, remember
from firstbell.web.signin.forms import SiteCodeForm, StudentSignInForm
from firstbell.web.signon.other_ways import only_by
from firstbell.web.staff.views import home_of

WRONG = "This username and password do not belong together. Check both, capital letters too."
TOO_OFTEN = f"This was tried too often. Wait {MINUTES} minutes, or ask your teacher for a new password."


@dataclass(frozen=True, slots=True)
class Choice:
    """One membership to choose."""

    id: int
    district_name: str
    role: str


@require_safe
@never_cache
def front_door(request: HttpRequest) -> HttpResponse:
    """What Firstbell is, for who is signed out; else where one belongs."""
    if not isinstance(request.user, Account):
        return render(request, "signin/front_door.html", {"takes_requests": takes_requests()})
    viewer = find_viewer(request.user, chosen=request.session.get(SESSION_KEY))
    if viewer is None:
        staff = None if list_memberships(request.user) else find_staff(request.user)
        return redirect(home_of(staff) if staff is not None else "web:choose")
    membership = next(one for one in list_memberships(request.user) if one.pk == viewer.membership_id)
    return redirect("web:home", membership.district.code)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def find_door(request: HttpRequest) -> HttpResponse:
    """The way to a district's own door, by its site code."""
    form = SiteCodeForm(request.POST or None, initial={"code": request.COOKIES.get(SITE, "")[:LONGEST_CODE]})
    if form.is_valid() and form.district:
        return redirect("web:student_door", form.district.code)
    return render(request, "signin/find.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password")
def student_door(request: HttpRequest, code: str) -> HttpResponse:
    """A district's own door, for who has a username and password from it."""
    district = find_district(code)
    if district is None:
        return refuse(request, NoSuchDistrict(code))
    form = StudentSignInForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            account = _authenticate(request, district, form)
        except TooManyGuesses:
            status = 429
            form.add_error(None, TOO_OFTEN)
        else:
            connection = comes_only_by(account) if account else None
            if connection is not None:
                status = 403
                form.add_error(None, only_by(connection))
            elif account:
                login(request, account, backend=STUDENT_BACKEND)
                return _home(district, request.GET.get("next"))
            else:
                form.add_error(None, WRONG)
    context = {"form": form, "district": district, **_ways(request, district)}
    return render(request, "signin/student.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def badge_door(request: HttpRequest, code: str, token: str) -> HttpResponse:
    """Behind the code of a badge: a greeting, and one button that comes in. Looking at it signs nobody in."""
    district = find_district(code)
    account = authenticate_badge(district, token) if district else None
    if district is None or account is None:
        return render(request, "signin/badge_over.html", status=404)
    if request.method == "POST":
        connection = comes_only_by(account)
        if connection is not None:
            messages.warning(request, only_by(connection))
            return redirect("web:student_door", district.code)
        login(request, account, backend=STUDENT_BACKEND)
        return _home(district)
    return render(request, "signin/badge.html", {"district": district, "name": account.name})


def _ways(request: HttpRequest, district: District) -> dict[str, object]:
    """The other ways in: the district's identity providers, and an e-mail address. Each goes on to the same page."""
    wanted = own_page(district, request.GET.get("next"))
    onward = f"?{urlencode({'next': wanted})}" if "next" in request.GET else ""
    connections = [
        (one.name, reverse("web:sign_on", args=[district.code, one.pk]) + onward) for one in list_offered(district)
    ]
    return {"connections": connections, "by_email_url": reverse("account_login") + onward}


def _home(district: District, wanted: str | None = None) -> HttpResponse:
    """Inside; this browser knows its district from now on."""
    response = redirect(own_page(district, wanted))
    remember(response, district)
    return response


def _authenticate(request: HttpRequest, district: District, form: StudentSignInForm) -> Account | None:
    address = get_adapter(request).get_client_ip(request)
    entered = form.cleaned_data
    return authenticate_student(district, entered["username"], entered["password"], address=address)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Choose between several memberships."""
    assert isinstance(request.user, Account)
    memberships = list_memberships(request.user)
    chosen = _chosen(memberships, request.POST.get("membership", ""))
    if chosen:
        request.session[SESSION_KEY] = chosen.pk
        return redirect("web:home", chosen.district.code)
    choices = [
        Choice(membership.pk, membership.district.name, MembershipRole(membership.role).label)
        for membership in memberships
    ]
    context = {"memberships": choices, "is_staff": find_staff(request.user) is not None}
    return render(request, "signin/memberships.html", context)


@require_safe
@login_required
@never_cache
def password_of_the_district(request: HttpRequest) -> HttpResponse:
    """Where somebody without a password of their own is sent who would change it: the district gives it to them."""
    return render(request, "signin/password_of_the_district.html")


def _chosen(memberships: list[Membership], pk: str) -> Membership | None:
    return next((membership for membership in memberships if str(membership.pk) == pk), None)
