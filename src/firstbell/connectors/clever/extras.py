"""What Clever knows and OneRoster has no column for: kept as extension columns."""

from collections.abc import Mapping

from firstbell.connectors.values import Row, metadata_of


def kept(found: Row, names: Mapping[str, str]) -> dict[str, str]:
    """Members (member -> how Clever's CSV calls it) and the district's own (``ext``) as ``metadata.`` columns."""
    own = found.get("ext")
    own = own if isinstance(own, dict) else {}
    return metadata_of(own) | metadata_of({ours: found.get(theirs) for theirs, ours in names.items()})
