"""The kinds of sources there are, in the order in which a person chooses among them. A new one is one line here."""

from firstbell.connectors.contract import Kind
from firstbell.connectors.upload.kind import KIND as UPLOAD

KINDS: dict[str, Kind] = {kind.code: kind for kind in (UPLOAD,)}
