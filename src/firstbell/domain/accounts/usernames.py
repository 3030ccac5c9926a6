"""When two spellings of a username, or of a password, are the same."""

import unicodedata


def username_key(username: str) -> str:
    """The username as compared: no spaces around, one form of each letter (NFKC), no case."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).strip().casefold())


def normalize_password(password: str) -> str:
    """The password as hashed: one form of each letter, since keyboards differ (NIST SP 800-63B-4 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
