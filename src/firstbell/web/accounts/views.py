"""Members: who signs in to the district, and as what."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.accounts.access import access_member, ensure_may, ensure_may_give, roles_to_give
from firstbell.domain.accounts.actions import LastAdministrator, change_role, take_membership
from firstbell.domain.accounts.invitations import list_invitations
from firstbell.domain.accounts.inviting import CannotInvite, invite
from firstbell.domain.accounts.models import Invitation, Membership, Role
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.queries import count_administrators, list_members, who_has_second_factor
from firstbell.domain.accounts.succession import list_successions
from firstbell.domain.roster.queries.by_email import find_staff_by_email
from firstbell.web.accounts.forms import InviteForm, RoleForm
from firstbell.web.accounts.inviting import Sent, send_invitation
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside

MOST = 200
LAST = "A district keeps one district administrator. Make somebody else one first."


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One adult in the list."""

    name: str
    email: str
    role: str
    has_second_factor: bool
    last_signed_in: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """One link that nobody has taken up yet."""

    id: int
    name: str
    email: str
    role: str
    expires_at: datetime
    revoke_url: str
    again_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_members(visit: Visit) -> HttpResponse:
    """Members and open invitations, and the form that makes another."""
    roles = roles_to_give(visit.viewer)
    form = InviteForm(visit.request.POST if visit.request.method == "POST" else None, roles=roles)
    sent = _invite(visit, form) if form.is_valid() else None
    if sent:
        form = InviteForm(roles=roles)
    return show_list(visit, form, sent)


def show_list(visit: Visit, form: InviteForm, sent: Sent | None) -> HttpResponse:
    """The page, with the link of an invitation that was just made."""
    words = visit.request.GET.get("q", "")[:MOST]
    members = list_members(visit.district, words=words, limit=MOST)
    secured = who_has_second_factor(member.account for member in members)
    context = {
        "members": [_member_line(visit, member, secured) for member in members],
        "words": words,
        "is_cut": len(members) == MOST,
        "invitations": [_invitation_line(visit, one) for one in list_invitations(visit.district)],
        "is_alone": count_administrators(visit.district) == 1,
        "form": form,
        "sent": sent,
        "path": visit.url("members"),
        "visits_url": visit.url("staff_visits"),
        "successions_url": visit.url("successions"),
        "asked": [one for one in list_successions(visit.district) if one.is_open],
        "rules_url": visit.url("sign_in_rules"),
        "tokens_url": visit.url("tokens"),
        "log_url": visit.url("audit_log"),
    }
    status = 422 if form.is_bound and form.errors else 200
    return show(visit, "accounts/members.html", context, room="members", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def show_member(visit: Visit, membership_id: int) -> HttpResponse:
    """One member: another role, or none."""
    member = access_member(visit.district, visit.viewer, membership_id)
    posted = visit.request.method == "POST"
    form = RoleForm(
        visit.request.POST if posted else None, roles=roles_to_give(visit.viewer), initial={"role": member.role}
    )
    if posted and form.is_valid():
        return _change(visit, member, form.cleaned_data["role"])
    context = {
        "member": _member_line(visit, member, who_has_second_factor([member.account])),
        "is_self": member.account_id == visit.viewer.account_id,
        "form": form,
        "crumbs": [Crumb("Members", visit.url("members"))],
        "take_url": visit.url("member_take", member.pk),
    }
    return show(visit, "accounts/member.html", context, room="members", status=422 if posted else 200)


@require_POST
@inside
def take(visit: Visit, membership_id: int) -> HttpResponse:
    """End a membership."""
    member = access_member(visit.district, visit.viewer, membership_id)
    try:
        take_membership(visit.district, member, by=visit.viewer.actor)
    except LastAdministrator:
        messages.error(visit.request, LAST)
        return redirect(visit.url("member", member.pk))
    messages.success(visit.request, f"{member.account} is no longer {_as(member.role)} here.")
    return redirect("/" if member.account_id == visit.viewer.account_id else visit.url("members"))


def _invite(visit: Visit, form: InviteForm) -> Sent | None:
    ensure_may(visit.viewer, Permission.MANAGE_MEMBERSHIPS)
    entered = form.cleaned_data
    ensure_may_give(visit.viewer, entered["role"])
    person_id = find_staff_by_email(visit.district, entered["email"])
    try:
        invited = invite(
            visit.district,
            entered["email"],
            entered["name"],
            entered["role"],
            person_id=person_id,
            by=visit.viewer.actor,
        )
    except CannotInvite as why:
        form.add_error("email", str(why))
        return None
    return send_invitation(visit.request, visit.district, invited)


def _change(visit: Visit, member: Membership, role: str) -> HttpResponse:
    ensure_may_give(visit.viewer, role)
    try:
        change_role(visit.district, member, role, by=visit.viewer.actor)
    except LastAdministrator:
        messages.error(visit.request, LAST)
        return redirect(visit.url("member", member.pk))
    messages.success(visit.request, f"{member.account} is {_as(role)} from now on.")
    return redirect("/" if member.account_id == visit.viewer.account_id else visit.url("members"))


def _member_line(visit: Visit, member: Membership, secured: set[int]) -> MemberLine:
    may_open = Role(member.role) in roles_to_give(visit.viewer)
    return MemberLine(
        name=member.account.name,
        email=member.account.email or "",
        role=Role(member.role).label,
        has_second_factor=member.account_id in secured,
        last_signed_in=member.account.last_login,
        url=visit.url("member", member.pk) if may_open else "",
    )


def _invitation_line(visit: Visit, one: Invitation) -> InvitationLine:
    may_change = Role(one.role) in roles_to_give(visit.viewer) and not visit.viewer.is_read_only
    return InvitationLine(
        id=one.pk,
        name=one.name,
        email=one.email,
        role=Role(one.role).label,
        expires_at=one.expires_at,
        revoke_url=visit.url("invitation_revoke", one.pk) if may_change else "",
        again_url=visit.url("invitation_again", one.pk) if may_change else "",
    )


def _as(role: str) -> str:
    label = Role(role).label
    return label if label.startswith("IT") else label.lower()
