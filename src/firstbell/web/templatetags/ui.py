"""Parts that any page may use: ``{% load ui %}``. The gallery at /design/ shows each in all its states."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.forms import BaseForm, BoundField
from django.template import Library, RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from firstbell.web.components.shapes import Crumb, PageLinks, Tab, Task
from firstbell.web.components.tones import MESSAGE_TONES, NOTICE_ICONS, TONE_ICONS
from firstbell.web.words import in_words

register = Library()

BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
"""The first sign that fits: Edge calls itself Chrome too, and Chrome Safari."""
SYSTEMS = (
    ("CrOS", "a Chromebook"),
    ("Android", "Android"),
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A sign from icons.svg. It is decoration unless it is given a label."""
    place = static("firstbell/icons.svg")
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"/></svg>', label, place, name)
    return format_html(
        '<svg class="icon icon-{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', name, place, name
    )


@register.filter
def number(value: int | None) -> str:
    """12408 as "12,408"; nothing as a dash."""
    return "–" if value is None else f"{value:,}"


@register.filter
def said(word: str) -> str:
    """One of OneRoster's words as people say it; nothing as a dash."""
    return in_words(word) if word else "–"


@register.filter
def duration(seconds: float | None) -> str:
    """Seconds as a person would say them: "0.3 s", "42 s", "3 min 5 s"."""
    if seconds is None:
        return ""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


@register.filter
def tone(level: str) -> str:
    """The tone of one of Django's message levels."""
    return MESSAGE_TONES.get(level, "info")


@register.filter
def browser(agent: str) -> str:
    """What a browser says of itself, as a person would: "Firefox on Windows"."""
    name = next((said for sign, said in BROWSERS if sign in agent), "A browser")
    system = next((said for sign, said in SYSTEMS if sign in agent), "")
    return f"{name} on {system}" if system else name


@register.simple_tag
def when(moment: datetime | date | None) -> SafeString:
    """A moment in the active time zone: "today, 2:05 am", "Nov 21, 2:05 am". A date alone has no hour."""
    if moment is None:
        return mark_safe("–")
    if not isinstance(moment, datetime):
        return format_html('<time datetime="{}">{}</time>', moment.isoformat(), date_format(moment, "M j, Y"))
    local = timezone.localtime(moment)
    hour = date_format(local, "g:i a").replace(".", "")
    day = _day_in_words(local.date(), timezone.localdate())
    return format_html('<time datetime="{}">{}, {}</time>', local.isoformat(timespec="seconds"), day, hour)


def _day_in_words(day: date, today: date) -> str:
    if day == today:
        return "today"
    if day == today - timedelta(days=1):
        return "yesterday"
    return date_format(day, "M j" if day.year == today.year else "M j, Y")


@register.inclusion_tag("components/chip.html")
def chip(text: str, tone: str = "neutral", icon: str = "") -> dict[str, object]:
    """A state in a word, with a sign beside its colour."""
    return {"text": text, "tone": "info" if tone == "busy" else tone, "icon": icon or TONE_ICONS[tone]}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, *, mark_optional: bool = True) -> dict[str, object]:
    """A form's field: label, what helps, what is wrong, the control."""
    kinds = {"checkbox": "check", "radioselect": "choices", "checkboxselectmultiple": "choices"}
    kind = "file" if "file" in bound.widget_type else kinds.get(bound.widget_type, "plain")
    return {"field": bound, "kind": kind, "mark_optional": mark_optional and kind != "check"}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, object]:
    """What is wrong with a form as a whole, and links to its faulty fields; nothing when all is well."""
    faulty = [bound for bound in form if bound.errors and not bound.is_hidden]
    return {"form": form, "faulty": faulty}


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "", live: str = "") -> SafeString:
    """Something a person should know. ``live`` is "status" or "alert" when it appears while the page is open."""
    context = {"content": content, "tone": tone, "title": title, "live": live, "icon": NOTICE_ICONS[tone]}
    return render_to_string("components/notice.html", context)


@register.simple_block_tag
def page_header(content: str, title: str, lead: str = "", crumbs: Sequence[Crumb] = ()) -> SafeString:
    """The page's name, one sentence on it, the way to it, and in the block its actions."""
    context = {"content": content, "title": title, "lead": lead, "crumbs": crumbs}
    return render_to_string("components/page_header.html", context)


@register.simple_block_tag
def empty(content: str, title: str, icon: str = "file") -> SafeString:
    """Nothing here yet: why, and in the block what to do about it."""
    return render_to_string("components/empty.html", {"content": content, "title": title, "icon": icon})


@register.simple_block_tag
def dialog(content: str, name: str, title: str) -> SafeString:
    """A dialog that a button with command="show-modal" commandfor=name opens."""
    return render_to_string("components/dialog.html", {"content": content, "name": name, "title": title})


@register.simple_block_tag(takes_context=True)
def confirm(
    context: RequestContext, content: str, name: str, label: str, *, title: str, action: str, tone: str = "main"
) -> SafeString:
    """A button that asks first, and the form (POST to ``action``) that it then sends. Fields may stand in the block.

    Nothing for who only looks.
    """
    if getattr(context.get("shell"), "only_looks", False):
        return mark_safe("")
    told = {"content": content, "name": name, "label": label, "title": title, "action": action, "tone": tone}
    return render_to_string("components/confirm.html", {**told, "csrf_token": context.get("csrf_token")})


@register.simple_block_tag
def menu(content: str, name: str, label: str) -> SafeString:
    """A button that opens a few links or buttons beside it."""
    return render_to_string("components/menu.html", {"content": content, "name": name, "label": label})


@register.inclusion_tag("components/tabs.html")
def tabs(tabs: Sequence[Tab], label: str) -> dict[str, object]:
    """Views of the same thing, each with its own address."""
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("components/pagination.html")
def pagination(links: PageLinks) -> dict[str, object]:
    """Newer and older."""
    return {"links": links}


@register.inclusion_tag("components/fact.html")
def fact(name: str, value: object, locked_by: str = "", why_url: str = "") -> dict[str, object]:
    """One fact in a ``<dl class="facts">``; ``locked_by`` names the source that owns it."""
    return {"name": name, "value": value, "locked_by": locked_by, "why_url": why_url}


@register.inclusion_tag("components/progress.html")
def progress(label: str, value: int, most: int) -> dict[str, object]:
    """How far something is, in words and as a bar."""
    return {"label": label, "value": value, "most": most}


@register.inclusion_tag("components/stat.html")
def stat(label: str, value: int, note: str = "", url: str = "") -> dict[str, object]:
    """A figure with its name, and where it leads."""
    return {"label": label, "value": value, "note": note, "url": url}


@register.inclusion_tag("components/checklist.html")
def checklist(tasks: Sequence[Task]) -> dict[str, object]:
    """Set-up, one thing after the other."""
    return {"tasks": tasks}
