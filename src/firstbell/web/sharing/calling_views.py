"""What a program that registered an address was told, what it did not take, and having that told again."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from firstbell.domain.sharing.access import find_client
from firstbell.domain.sharing.models import Delivery
from firstbell.domain.sharing.webhooks import NoWebhook, end_webhook, find_webhook, list_deliveries, tell_again
from firstbell.web.components.shapes import Crumb
from firstbell.web.frame import show
from firstbell.web.visit import Visit, inside
from firstbell.web.words import count_in_words

TONES = {
    Delivery.State.TAKEN: "good",
    Delivery.State.WAITING: "neutral",
    Delivery.State.DEAD: "wait",
    Delivery.State.OLD: "bad",
}


@require_safe
@inside
def messages_of(visit: Visit, client_id: int) -> HttpResponseBase:
    """The address, and the last messages to it."""
    client = find_client(visit.viewer, client_id)
    told = list_deliveries(client)
    context = {
        "client": client,
        "crumbs": (
            Crumb("Programs", visit.url("programs")),
            Crumb(client.name, visit.url("program_grant", client.pk)),
            Crumb("What it is told"),
        ),
        "hook": find_webhook(client),
        "told": [(one, TONES[Delivery.State(one.state)]) for one in told],
        "some_dead": any(one.state == Delivery.State.DEAD for one in told),
        "again_url": visit.url("program_messages_again", client.pk),
        "end_url": visit.url("program_messages_end", client.pk),
        "address": visit.request.build_absolute_uri("/ims/oneroster/changes/webhook"),
    }
    return show(visit, "sharing/messages.html", context, room="programs")


@require_POST
@inside
def again(visit: Visit, client_id: int) -> HttpResponse:
    """Tell what was not taken once more."""
    client = find_client(visit.viewer, client_id)
    try:
        count = tell_again(client, visit.request.POST.get("key") or None, by=visit.viewer.actor)
    except NoWebhook:
        messages.error(visit.request, "There is nothing of this kind to tell again.")
    else:
        messages.success(visit.request, f"{count_in_words(count, 'message', 'messages')} will be tried again.")
    return redirect(visit.url("program_messages", client.pk))


@require_POST
@inside
def end(visit: Visit, client_id: int) -> HttpResponse:
    """Tell the program nothing any more by itself; it may still read."""
    client = find_client(visit.viewer, client_id)
    end_webhook(client, by=visit.viewer.actor)
    messages.success(visit.request, f"{client.name} is told of no change any more. It may still read.")
    return redirect(visit.url("program_messages", client.pk))
