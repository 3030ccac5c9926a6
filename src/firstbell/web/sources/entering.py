"""What people enter a line each."""


def lines_of(text: str) -> list[str]:
    """The lines that say something, each once."""
    return list(dict.fromkeys(filter(None, map(str.strip, text.splitlines()))))
