"""The kind: nothing to set, the folder's place is the operator's."""

from firstbell.connectors.contract import Kind, Way

KIND = Kind(
    "watched_folder",
    "Watched folder",
    "Another program on the operator's machines writes files into a folder, which is looked at each minute.",
    Way.BROUGHT,
)
