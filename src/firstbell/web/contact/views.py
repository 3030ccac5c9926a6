"""The Contact page: whom to ask, asking, and what became of it."""

from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.accounts.access import ensure_may
from firstbell.domain.accounts.models import Account
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.advice.access import access_request, access_requests
from firstbell.domain.advice.asking import Asked, NotOpen, ask, withdraw_request
from firstbell.domain.advice.queries import find_owner, list_contacts
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.web.contact.forms import AskForm
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def contact(visit: Visit) -> HttpResponseBase:
    """Show whom to ask and what was asked; ask."""
    ensure_may(visit.viewer, Permission.VIEW_ROSTER)
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    form = AskForm(visit.request.POST or None, initial={"page": _page_before(visit)})
    if visit.request.method == "POST" and form.is_valid():
        asked = Asked(form.cleaned_data["message"], _own_page(visit, form.cleaned_data["page"]), _email(visit))
        request = ask(visit.district, asked, settings, now=timezone.now(), by=visit.viewer)
        messages.success(visit.request, f"Your request {request.pk} is with {request.owner_name}.")
        return redirect(visit.url("contact"))
    context = {
        "form": form,
        "contacts": list_contacts(visit.district),
        "owner": find_owner(visit.district, settings),
        "backup": settings.contact,
        "requests": [
            (request, visit.url("contact_withdraw", request.pk))
            for request in access_requests(visit.viewer, visit.district)
        ],
        "sends_mail": django_settings.FIRSTBELL_SENDS_MAIL,
    }
    return show(visit, "contact/contact.html", context, room="contact")


@require_POST
@inside
def withdraw(visit: Visit, request_id: int) -> HttpResponseBase:
    """Take a request back."""
    request = access_request(visit.viewer, visit.district, request_id)
    try:
        withdraw_request(visit.district, request, by=visit.viewer.actor)
    except NotOpen as problem:
        messages.error(visit.request, str(problem))
    return redirect(visit.url("contact"))


def _page_before(visit: Visit) -> str:
    """The page of this district that the viewer comes from."""
    return _own_page(visit, urlsplit(visit.request.headers.get("Referer", "")).path)


def _own_page(visit: Visit, path: str) -> str:
    """A path of this district other than this page; else blank."""
    return path if path.startswith(visit.url("home")) and path != visit.url("contact") else ""


def _email(visit: Visit) -> str:
    return visit.request.user.email or "" if isinstance(visit.request.user, Account) else ""
