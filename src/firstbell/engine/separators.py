"""Files whose cells are parted by a semicolon, a tab or a bar instead of a comma, as the header shows.

They are read as comma-separated files in which comma and separator have changed places: one translation of the bytes
there and one of the cells back, so every rule for commas holds for them too.
"""

import re

import polars as pl

SEPARATORS = {b";": "a semicolon", b"\t": "a tab", b"|": "a bar"}
_QUOTED = re.compile(rb'"[^"]*"')
_STATED = re.compile(rb"sep=([,;\t|])[ ,;\t|]*\r?\n", re.IGNORECASE)


def separator_of(head: bytes) -> bytes:
    """What parts the names of a header: the comma, unless there is none and another separator is there."""
    bare = _QUOTED.sub(b"", head)
    if b"," in bare:
        return b","
    most = max(SEPARATORS, key=bare.count)
    return most if most in bare else b","


def without_statement(text: bytes) -> bytes:
    """The text without the line ``sep=;`` that spreadsheets put before the header."""
    stated = _STATED.match(text)
    return text[stated.end() :] if stated else text


def exchanged(text: bytes, separator: bytes) -> bytes:
    """The text with commas and separators in each other's place; again, and it is as it was."""
    return text.translate(bytes.maketrans(b"," + separator, separator + b","))


def put_back(column: pl.Expr, separator: bytes) -> pl.Expr:
    """Cells of an exchanged text as they stand in the file."""
    own = separator.decode()
    return column.str.replace_many([",", own], [own, ","])
