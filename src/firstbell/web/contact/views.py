"""The Contact page: whom to ask, asking, and what became of it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from firstbell.domain.accounts.models import Account
from firstbell.domain.accounts.permissions import Permission
from firstbell.domain.accounts.queries import list_administrators
from firstbell.domain.advice.access import access_request, access_requests, may_answer, questions_of
from firstbell.domain.advice.addressing import Addressee, find_addressee
from firstbell.domain.advice.asking import Asked, BadRequest, NotOpen, ask, withdraw_request
from firstbell.domain.advice.models import Audience, ContactRequest
from firstbell.domain.advice.queries import list_contacts
from firstbell.domain.advice.settings import AdviceSettings
from firstbell.domain.roster.access import access_own_classes
from firstbell.domain.roster.queries.offices import list_office
from firstbell.web.contact.forms import AnswerForm, AskForm
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside

LEADS = {
    Audience.VENDOR: "Ask whoever looks after your district. You are answered within two working days, or somebody "
    "else takes it up.",
    Audience.DISTRICT: "Ask the administrators of your district. You are answered within two working days, or all of "
    "them are reminded.",
    Audience.SCHOOL: "Ask your school. For what is about one class, and for a new password, your teacher is quicker.",
}


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request, and what the viewer can do with it: blank where nothing."""

    request: ContactRequest
    withdraw_url: str
    answer_url: str
    pass_on_url: str
    person_url: str
    form: AnswerForm


@require_http_methods(["GET", "HEAD", "POST"])
@inside
def contact(visit: Visit) -> HttpResponseBase:
    """Show whom to ask and what was asked; ask."""
    settings: AdviceSettings = django_settings.FIRSTBELL_ADVICE
    to = find_addressee(visit.district, settings, today=visit.today, by=visit.viewer)
    form = AskForm(visit.request.POST or None, initial={"page": _page_before(visit)})
    form.address(to.audience)
    if visit.request.method == "POST" and form.is_valid():
        asked = Asked(form.cleaned_data["message"], _own_page(visit, form.cleaned_data["page"]), _email(visit))
        try:
            request = ask(visit.district, asked, settings, now=timezone.now(), by=visit.viewer)
        except BadRequest as problem:
            form.add_error("message", str(problem))
        else:
            messages.success(visit.request, f"Your request {request.pk} is with {_within_a_sentence(to)}.")
            return redirect(visit.url("contact"))
    is_vendor = to.audience == Audience.VENDOR
    context = {
        "form": form,
        "lead": LEADS[to.audience],
        "owner": _within_a_sentence(to),
        "audience": to.audience,
        "requests": _lines(visit),
        "sends_mail": django_settings.FIRSTBELL_SENDS_MAIL and bool(_email(visit)),
        **(_of_the_vendor(visit, settings) if is_vendor else _of_the_district(visit, to.audience, to.schools)),
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


def _lines(visit: Visit) -> list[RequestLine]:
    """What the viewer asked, and what waits for their answer."""
    viewer, questions = visit.viewer, questions_of(visit.viewer, visit.district, today=visit.today)
    runs_it, sees_people = viewer.may(Permission.MANAGE_SOURCES), viewer.may(Permission.VIEW_ROSTER)
    lines = []
    for request in access_requests(viewer, visit.district, today=visit.today):
        is_vendor, answers = request.audience == Audience.VENDOR, may_answer(viewer, request, questions)
        is_own = request.account_id == (viewer.account_id or 0) or (is_vendor and runs_it)
        passes_on = answers and runs_it and request.audience == Audience.DISTRICT
        lines.append(
            RequestLine(
                request,
                visit.url("contact_withdraw", request.pk) if is_own else "",
                visit.url("contact_answer", request.pk) if answers else "",
                visit.url("contact_pass_on", request.pk) if passes_on else "",
                visit.url("person", request.person_id) if request.person_id and sees_people and not is_vendor else "",
                AnswerForm(auto_id=f"id_{request.pk}_%s"),
            )
        )
    return lines


def _of_the_vendor(visit: Visit, settings: AdviceSettings) -> dict[str, object]:
    return {"contacts": list_contacts(visit.district), "backup": settings.contact}


def _of_the_district(visit: Visit, audience: Audience, schools: tuple[int, ...]) -> dict[str, object]:
    """Who of the district answers: a student is told names and no addresses, and who teaches them."""
    administrators = list_administrators(visit.district)
    if audience == Audience.DISTRICT:
        return {"administrators": administrators}
    classes = access_own_classes(visit.district, visit.viewer, today=visit.today)
    office = list_office(visit.district, schools, today=visit.today) if schools else []
    return {"office": office or administrators, "classes": classes}


def _within_a_sentence(to: Addressee) -> str:
    """Whom one asks: "The office of Elm High" begins small, a person's name does not."""
    name = to.owner.name
    return name if to.audience == Audience.VENDOR else name[:1].lower() + name[1:]


def _page_before(visit: Visit) -> str:
    """The page of this district that the viewer comes from."""
    return _own_page(visit, urlsplit(visit.request.headers.get("Referer", "")).path)


def _own_page(visit: Visit, path: str) -> str:
    """A path of this district other than this page; else blank."""
    return path if path.startswith(visit.url("home")) and path != visit.url("contact") else ""


def _email(visit: Visit) -> str:
    return visit.request.user.email or "" if isinstance(visit.request.user, Account) else ""
