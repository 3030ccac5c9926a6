"""The kind: Clever, by its API."""

from firstbell.connectors.clever.client import ADDRESS
from firstbell.connectors.clever.connector import Clever
from firstbell.connectors.contract import Entry, Kind, Setting, Way

KIND = Kind(
    "clever",
    "Clever",
    "We ask Clever for the schools and people that the district shares with this application.",
    Way.FETCHED,
    (
        Setting(
            "token",
            "District token",
            "In the Clever dashboard of the application: the district's page, Authentication, bearer token.",
            Entry.SEALED,
        ),
        Setting(
            "address",
            "Address of the API",
            "Leave it as it is, unless Clever's support gave you another.",
            Entry.ADDRESS,
            required=False,
            default=ADDRESS,
        ),
    ),
    Clever(),
)
