"""Pages for who only looks: forms as they are, closed."""

import re
from typing import Final

from django.urls import reverse

_FORM: Final = re.compile(r"(<form\b[^>]*>)(.*?)</form>", re.DOTALL)
_CHANGES: Final = re.compile(r"\bmethod=[\"']?post\b", re.IGNORECASE)


def with_closed_forms(page: str, *, but: str) -> str:
    """The page with every form that changes something closed, its fields and buttons disabled.

    Search stays open, and so do signing out and what is sent to ``but``. Forms do not nest in HTML.
    """
    open_to_all = [f'action="{address}"' for address in (but, reverse("account_logout")) if address]

    def closed(form: re.Match[str]) -> str:
        begin, inside = form.groups()
        if not _CHANGES.search(begin) or any(address in begin for address in open_to_all):
            return form.group()
        return f'{begin}<fieldset class="closed" disabled>{inside}</fieldset></form>'

    return _FORM.sub(closed, page)
