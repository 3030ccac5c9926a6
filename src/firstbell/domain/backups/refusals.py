"""Why nothing was restored. Apart from ``filling``, which needs Django before it can be imported."""


class NotRestored(Exception):
    """Nothing was restored; the text says why, for the operator."""
