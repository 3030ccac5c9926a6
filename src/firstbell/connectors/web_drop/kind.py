"""The kind: nothing to set, a token is made for it."""

from firstbell.connectors.contract import Kind, Way

KIND = Kind(
    "web_drop",
    "HTTPS upload",
    "A job of the district sends one file by HTTPS, with curl or PowerShell and a token.",
    Way.BROUGHT,
)
