"""Invitations: taken back, made anew, taken up."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.request import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.accounts.access import access_invitation, roles_to_give
from firstbell.domain.accounts.invitations import find_invitation
from firstbell.domain.accounts.inviting import (
    NoSuchInvitation,
    OtherAccount,
    accept_invitation,
    invite,
    revoke_invitation,
)
from firstbell.domain.accounts.models import Account, Invitation, Role
from firstbell.domain.accounts.queries import find_account
from firstbell.domain.districts.models import District
from firstbell.domain.districts.queries import find_district
from firstbell.web.accounts.forms import InviteForm, TakeUpForm
from firstbell.web.accounts.inviting import send_invitation
from firstbell.web.accounts.views import show_list
from firstbell.web.visit import Visit, inside


@require_POST
@inside
def revoke(visit: Visit, invitation_id: int) -> HttpResponse:
    """The link opens nothing any more."""
    invitation = access_invitation(visit.district, visit.viewer, invitation_id)
    revoke_invitation(visit.district, invitation, by=visit.viewer.actor)
    messages.success(visit.request, f"The link of {invitation.name} opens nothing any more.")
    return redirect(visit.url("members"))


@require_POST
@inside
def renew(visit: Visit, invitation_id: int) -> HttpResponse:
    """Another link for the same one; the old one ends."""
    old = access_invitation(visit.district, visit.viewer, invitation_id)
    invited = invite(visit.district, old.email, old.name, old.role, person_id=old.person_id, by=visit.viewer.actor)
    sent = send_invitation(visit.request, visit.district, invited)
    return show_list(visit, InviteForm(roles=roles_to_give(visit.viewer)), sent)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password", "again")
def take_up(request: HttpRequest, code: str, secret: str) -> HttpResponse:
    """The page behind the link. Somebody who has an account already takes it up signed in."""
    district = find_district(code)
    if district is None:
        raise Http404
    invitation = find_invitation(district, secret)
    if invitation is None:
        return render(request, "accounts/link_over.html", status=404)
    if find_account(invitation.email) is not None:
        return _join(request, district, invitation, secret)
    posted = request.method == "POST"
    form = TakeUpForm(request.POST if posted else None, email=invitation.email, initial={"name": invitation.name})
    if posted and form.is_valid():
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        try:
            accept_invitation(district, secret, name=name, password=password)
        except (NoSuchInvitation, OtherAccount):  # somebody else was a moment faster
            return render(request, "accounts/link_over.html", status=404)
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("account_login")
    context = {"form": form, "district": district, "invitation": invitation, "role": Role(invitation.role).label}
    return render(request, "accounts/take_up.html", context, status=422 if posted else 200)


def _join(request: HttpRequest, district: District, invitation: Invitation, secret: str) -> HttpResponse:
    account = request.user if isinstance(request.user, Account) else None
    is_theirs = account is not None and account.email == invitation.email
    if request.method == "POST" and is_theirs:
        try:
            accept_invitation(district, secret, as_account=account)
        except NoSuchInvitation:
            return render(request, "accounts/link_over.html", status=404)
        messages.success(request, f"You belong to {district.name} now.")
        return redirect("web:front_door")
    context = {
        "district": district,
        "invitation": invitation,
        "role": Role(invitation.role).label,
        "is_theirs": is_theirs,
        "other": account.name if account and not is_theirs else "",
        "sign_in_url": f"{reverse('account_login')}?next={request.path}",
    }
    return render(request, "accounts/join.html", context)
