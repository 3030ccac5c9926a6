"""From the bytes of a text file to UTF-8 with line ends that a reader of CSV knows, and notes on what was done.

A clean UTF-8 file comes back as the very object that came in. Everything else is rare, so it may cost more. An
encoding is taken only where the bytes bear it out; what cannot be told apart is Windows-1252, as every office has it.
"""

import codecs
import re
from dataclasses import dataclass, field

from firstbell.engine.separators import separator_of

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_UTF32 = {codecs.BOM_UTF32_LE: "utf-32-le", codecs.BOM_UTF32_BE: "utf-32-be"}
_CERTAIN_FROM = 16
"""Bytes of ASCII in UTF-16 clothing that a header shows at its very start, before UTF-16 without a mark is believed."""
_LOOKED_AT = 5000
"""Lines that are looked at to tell Japanese from Windows-1252."""
_UNREADABLE_FROM = 0.01
"""Share of characters that may be broken before a file is something else than it claims."""
_JAPANESE = r"[\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uffee]"
_RUN = re.compile(rf"[A-Za-z]?{_JAPANESE}+[A-Za-z]?")
_LONE = re.compile("[\uff61-\uff9f]")  # a half-width sign alone is no word, and one byte of Windows-1252
_QUOTED_OR_RETURN = re.compile(rb'"[^"]*"|\r')


@dataclass(slots=True)
class Decoded:
    """UTF-8 text (None where the bytes are no text), and findings to make: code and detail."""

    text: bytes | None
    notes: list[tuple[str, str | None]] = field(default_factory=list)


def decoded(content: bytes) -> Decoded:
    """The content as UTF-8, with LF or CRLF line ends wherever it is certain that a line ends."""
    result = Decoded(content)
    _take_mark(result)
    if result.text is None:
        return result
    if b"\x00" in result.text:
        _take_nul(result)
    if not _is_utf8(result.text):
        _take_encoding(result)
    if b"\r" in result.text and result.text.count(b"\r") != result.text.count(b"\r\n"):
        _take_returns(result)
    return result


def decoded_head(head: bytes) -> bytes:
    """The first lines of a file as UTF-8; a last line that was cut off is left out where there is another."""
    if not _wide_encoding(head):
        head = head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1] or head
    return decoded(head).text or b""


def _is_utf8(text: bytes) -> bool:
    if text.isascii():
        return True
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _take_mark(result: Decoded) -> None:
    content = result.text or b""
    if content.startswith(codecs.BOM_UTF8):
        result.text = content[3:]
        result.notes.append(("byte-order-mark", None))
        return
    encoding = _wide_encoding(content)
    if encoding:
        _take_wide(result, content, encoding)


def _wide_encoding(content: bytes) -> str | None:
    """UTF-32 or UTF-16, by a byte-order mark or since a header in plain letters can be nothing else."""
    for mark, encoding in (*_UTF32.items(), *_UTF16.items()):
        if content.startswith(mark):
            return encoding
    start = content[:_CERTAIN_FROM]
    if len(start) < _CERTAIN_FROM or len(content) % 2:
        return None
    if not any(start[1::2]) and all(0 < byte < 128 for byte in start[::2]):
        return "utf-16-le"
    if not any(start[::2]) and all(0 < byte < 128 for byte in start[1::2]):
        return "utf-16-be"
    return None


def _take_wide(result: Decoded, content: bytes, encoding: str) -> None:
    text = content.decode(encoding, "replace").removeprefix("\ufeff")
    broken = text.count("\ufffd")
    name = encoding[:6].upper()
    if broken > max(1, len(text) * _UNREADABLE_FROM):
        result.text = None
        result.notes.append(("file-unreadable", f"it claims to be {name} and is not"))
        return
    result.text = text.encode("utf-8", "replace")
    result.notes.append(("encoding", _with_broken(name, broken)))


def _take_nul(result: Decoded) -> None:
    result.text = (result.text or b"").replace(b"\x00", b"")
    result.notes.append(("nul-character", None))


def _take_encoding(result: Decoded) -> None:
    content = result.text or b""
    text, name = _surrogates_paired(content) or _by_line(content)
    result.text = text.encode("utf-8")
    result.notes.append(("encoding", _with_broken(name, text.count("\ufffd"))))


def _with_broken(name: str, broken: int) -> str:
    return f"{name}, and {broken:,} of its characters could not be read" if broken else name


def _surrogates_paired(content: bytes) -> tuple[str, str] | None:
    """UTF-8 in which some databases write an emoji as two halves of UTF-16; a half alone is unreadable."""
    try:
        text = content.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), "UTF-8 with surrogates (CESU-8)"


def _by_line(content: bytes) -> tuple[str, str]:
    """One encoding for all lines, or UTF-8 where most lines are and Windows-1252 for the others."""
    lines = content.splitlines(keepends=True)
    foreign = [line for line in lines if not line.isascii()]
    good = sum(1 for line in foreign if _is_utf8(line)) / len(foreign)
    if good < 0.5 and _is_japanese(foreign):
        try:
            return content.decode("cp932"), "Shift-JIS (CP932)"
        except UnicodeDecodeError:
            pass
    if good < 0.2:  # by chance a few lines of Windows-1252 are UTF-8 too
        return content.decode("cp1252", "replace"), "Windows-1252"
    texts = (line.decode("utf-8") if _is_utf8(line) else line.decode("cp1252", "replace") for line in lines)
    return "".join(texts), f"UTF-8, and lines of it ({round((1 - good) * len(foreign)):,}) as Windows-1252"


def _is_japanese(lines: list[bytes]) -> bool:
    """True where all decodes as CP932 and reads like Japanese.

    The accented letters of Windows-1252 may decode too, but then as single signs in the middle of Latin words.
    """
    try:
        text = b"".join(lines[:_LOOKED_AT]).decode("cp932")
    except UnicodeDecodeError:
        return False
    runs = _RUN.findall(text)
    signs = sum(len(re.sub("[A-Za-z]", "", run)) for run in runs)
    foreign = sum(1 for letter in text if not letter.isascii())
    odd = sum(1 for run in runs if run[0].isascii() or run[-1].isascii() or _LONE.fullmatch(run))
    return signs >= 0.95 * foreign and odd * 4 <= len(runs)


def _take_returns(result: Decoded) -> None:
    """A carriage return alone ends a line where that gives lines of as many cells as the header has."""
    content = result.text or b""
    if b"\n" not in content:
        result.text = content.replace(b"\r", b"\n")
        result.notes.append(("line-ends", None))
        return
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    head = _pieces(next((line for line in lines if line.strip()), b""))[0]
    separator = separator_of(head)
    width = _cells(head, separator)
    ended = 0
    for place, line in enumerate(lines):
        if b"\r" not in line:
            continue
        pieces = _pieces(line)
        if len(pieces) > 1 and all(not piece.strip() or _cells(piece, separator) == width for piece in pieces):
            lines[place] = b"\n".join(pieces)
            ended += len(pieces) - 1
    if ended:
        result.text = b"\n".join(lines)
        result.notes.append(("line-ends", None))


def _pieces(line: bytes) -> list[bytes]:
    """The line cut at the carriage returns that stand outside quotes."""
    if b'"' not in line:
        return line.split(b"\r")
    cuts = [found.start() for found in _QUOTED_OR_RETURN.finditer(line) if found.group() == b"\r"]
    return [line[start:end] for start, end in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(line)], strict=True)]


def _cells(piece: bytes, separator: bytes) -> int:
    bare = re.sub(rb'"[^"]*"', b"", piece) if b'"' in piece else piece
    return bare.count(separator) + 1
