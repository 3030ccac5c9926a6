"""Programs that read a district's roster, what they are shown and were, and what they are told and left."""

from firstbell.domain.sharing.models.calling import Calling, Delivery, Webhook
from firstbell.domain.sharing.models.outlets import Outlet, OutletDue
from firstbell.domain.sharing.models.past import Past
from firstbell.domain.sharing.models.programs import (
    AccessToken,
    ApiClient,
    Disclosure,
    Grant,
    Mark,
    RowIds,
    Shown,
    Withheld,
    new_key,
)

__all__ = [
    "AccessToken",
    "ApiClient",
    "Calling",
    "Delivery",
    "Disclosure",
    "Grant",
    "Mark",
    "Outlet",
    "OutletDue",
    "Past",
    "RowIds",
    "Shown",
    "Webhook",
    "Withheld",
    "new_key",
]
