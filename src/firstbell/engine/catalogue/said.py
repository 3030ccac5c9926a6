"""How an entry of the catalogue is written down."""

type Said = tuple[str, str, str, str]
"""Kind (``fatal``, ``error``, ``deviation``, ``warning``), code, sentence and remedy."""
