"""Single values of JSON as cells of OneRoster CSV: what real servers send in place of what the standard says."""

import json
import re
from collections.abc import Mapping
from urllib.parse import quote

type Row = Mapping[str, object]
"""One object as a server sent it."""

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")
_BREAKS = re.compile(r"[\r\n\t]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ZONED = re.compile(r"(Z|[+-]\d{2}:?\d{2})$", re.IGNORECASE)
DELETED = frozenset({"tobedeleted", "inactive", "deleted"})


def text_of(value: object) -> str:
    """A plain value as text on one line; blank for null and for what is no plain value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _BREAKS.sub(" ", value)
    return str(value) if isinstance(value, int | float) else ""


def day_of(value: object) -> str:
    """A date. Some systems send a moment: its day is meant."""
    text = text_of(value)
    moment = _MOMENT.fullmatch(text)
    return moment[1] if moment else text


def id_of(value: object) -> str:
    """What a reference refers to: an object with ``sourcedId``, or the bare id."""
    return text_of(value.get("sourcedId")) if isinstance(value, dict) else text_of(value)


def items_of(value: object) -> list[object]:
    """A list; one thing that is none is a list of one."""
    if isinstance(value, list):
        return value
    return [] if value in (None, "") else [value]


def ids_of(value: object) -> str:
    """References, joined by a comma, each once. A text of ids that are joined already stays."""
    return ",".join(dict.fromkeys(filter(None, (id_of(item) for item in items_of(value)))))


def words_of(value: object) -> str:
    """Words, joined by a comma. A comma within one cannot be told from those between, so it goes, as 1.1 says."""
    if isinstance(value, str):
        return text_of(value)
    return ",".join(filter(None, (text_of(item).replace(",", "").strip() for item in items_of(value))))


def user_ids_of(value: object) -> str:
    """``userIds`` as ``{type:id}``."""
    if isinstance(value, str):
        return text_of(value)
    pairs = [item for item in items_of(value) if isinstance(item, dict)]
    told = [(_plain(item.get("type")), _plain(item.get("identifier"))) for item in pairs]
    return ",".join(f"{{{kind}:{identifier}}}" for kind, identifier in told if kind and identifier)


def _plain(value: object) -> str:
    return re.sub(r"[{},:]", " ", text_of(value)).strip()


def metadata_of(value: object) -> dict[str, str]:
    """The members of ``metadata`` as extension columns; what is no plain value, as JSON."""
    if not isinstance(value, dict):
        return {}
    told = {
        key: json.dumps(item, sort_keys=True) if isinstance(item, dict | list) else text_of(item)
        for key, item in value.items()
    }
    return {f"metadata.{_BREAKS.sub(' ', key)}": text for key, text in told.items() if text}


def moment_of(value: object) -> str:
    """``dateLastModified`` with a zone; blank where it is no moment. A bare day begins at midnight, UTC."""
    text = text_of(value).strip()
    if _DAY.fullmatch(text):
        return f"{text}T00:00:00Z"
    if not _MOMENT.fullmatch(text):
        return ""
    text = text.replace(" ", "T", 1)
    return text if _ZONED.search(text) else f"{text}Z"


def is_deleted(row: Row) -> bool:
    """Whether a server says that the object is gone."""
    return text_of(row.get("status")).casefold().replace("_", "").replace(" ", "") in DELETED


def joined_id(*parts: str) -> str:
    """An id made of others, which are never mixed up: the sign between them stands in none."""
    return "/".join(quote(part, safe=" @|:;,+") for part in parts)
