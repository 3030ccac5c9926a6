"""The kind: a OneRoster API."""

from firstbell.connectors.contract import Kind, Way
from firstbell.connectors.oneroster_rest.connector import OneRosterRest
from firstbell.connectors.oneroster_rest.settings import (
    ADDRESS,
    AT_ONCE,
    CHANGES,
    KEY,
    PAGE_SIZE,
    SCOPES,
    SECRET,
    SIGN_IN,
    TOKENS,
    VERSION,
)

KIND = Kind(
    "oneroster_rest",
    "OneRoster API",
    "We ask the student information system by its OneRoster API, 1.1 or 1.2.",
    Way.FETCHED,
    (VERSION, ADDRESS, SIGN_IN, TOKENS, KEY, SECRET, SCOPES, PAGE_SIZE, AT_ONCE, CHANGES),
    OneRosterRest(),
    may_be_delta=True,
)
